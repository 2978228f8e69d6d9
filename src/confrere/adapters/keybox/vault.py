"""The key files: one per intake and one per institution, made durable before they are told to anyone.

Each file is sealed under `master`, so a single file copied elsewhere opens nothing; a copy of the whole
folder opens everything, which is why it stays out of the database and out of every backup.
"""

import os
import re
import secrets
import threading
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NONCE = 12
_SECRET = 32


class VaultError(Exception):
    """The vault says no; `code` is a slug that crosses the wire."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Vault:
    """The folder of keys; one instance, in one process, safe between threads."""

    def __init__(self, folder: Path) -> None:
        """Open `folder` (made if absent, owner-only) and finish what a crash interrupted."""
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        _sync_folder(folder.parent)
        master = folder / "master"
        for leftover in folder.glob("*.tmp"):
            leftover.unlink()
        if not master.exists():
            if any(folder.iterdir()):
                # A new master over old keys would lose them without a word.
                raise VaultError("master-missing")
            self._write(master, secrets.token_bytes(_SECRET))
        self._seal = AESGCM(master.read_bytes())
        for marker in folder.glob("intake-*.gone"):
            self._shred(marker.with_suffix(".key"))
            self._shred(folder / f"desk-{marker.stem.removeprefix('intake-')}.key")

    def create(self, intake_id: str) -> bytes:
        """The intake's X25519 public key (32 bytes); the pair is made at the first asking only."""
        with self._lock:
            return self._public(self._intake(intake_id))

    def private_key(self, intake_id: str) -> bytes:
        """The intake's X25519 private key (32 bytes)."""
        with self._lock:
            return self._opened(self._intake(intake_id))

    def open_desk(self, intake_id: str) -> bytes:
        """The X25519 public key (32 bytes) of the intake's desk sheets; the pair is made at the first asking only."""
        with self._lock:
            return self._public(self._desk(intake_id))

    def desk_key(self, intake_id: str) -> bytes:
        """The X25519 private key (32 bytes) of the intake's desk sheets; of an intake without any, VaultError."""
        with self._lock:
            return self._opened(self._desk(intake_id))

    def institution_secret(self, institution_id: str) -> bytes:
        """The institution's secret (32 bytes), made at the first asking and never changed."""
        with self._lock:
            path = self._path("institution", institution_id, ".secret")
            if not path.exists():
                self._write(path, self._sealed(path, secrets.token_bytes(_SECRET)))
            return self._opened(path)

    def destroy(self, intake_id: str) -> None:
        """Make the intake's keys unrecoverable and its name unusable; again is no error."""
        with self._lock:
            path = self._path("intake", intake_id, ".key")
            # The marker comes first: after a crash between the two the key is shredded at the next start.
            marker = path.with_suffix(".gone")
            if not marker.exists():
                self._write(marker, b"")
            self._shred(path)
            self._shred(self._path("desk", intake_id, ".key"))

    def _path(self, kind: str, name: str, suffix: str) -> Path:
        if not _NAME.fullmatch(name):
            raise VaultError("bad-name")
        return self._folder / f"{kind}-{name}{suffix}"

    def _intake(self, intake_id: str) -> Path:
        path = self._path("intake", intake_id, ".key")
        if path.with_suffix(".gone").exists():
            raise VaultError("destroyed")
        return path

    def _desk(self, intake_id: str) -> Path:
        self._intake(intake_id)
        return self._path("desk", intake_id, ".key")

    def _public(self, path: Path) -> bytes:
        """The public half of the pair in `path`, which is made where there is none."""
        if not path.exists():
            self._write(path, self._sealed(path, secrets.token_bytes(_SECRET)))
        return X25519PrivateKey.from_private_bytes(self._opened(path)).public_key().public_bytes_raw()

    def _sealed(self, path: Path, secret: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._seal.encrypt(nonce, secret, path.name.encode())

    def _opened(self, path: Path) -> bytes:
        try:
            sealed = path.read_bytes()
            return self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], path.name.encode())
        except FileNotFoundError:
            raise VaultError("unknown") from None
        except (InvalidTag, ValueError):
            raise VaultError("damaged") from None

    def _write(self, path: Path, content: bytes) -> None:
        temporary = path.with_name(f"{path.name}.tmp")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        _sync_folder(self._folder)

    def _shred(self, path: Path) -> None:
        # Overwriting in place helps on plain file systems; copy-on-write ones and flash may keep old blocks.
        try:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        _sync_folder(self._folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
