"""Sealed originals: a door that holds only the public key can write them and never read them back.

The stream is `CFQ1`, an ephemeral X25519 public key, then AES-256-GCM chunks of 1 MiB of plaintext each.
Source: X25519 (RFC 7748), HKDF-SHA-256 (RFC 5869), AES-GCM (NIST SP 800-38D); the counter-and-last-flag
nonce is the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015).
"""

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from confrere.adapters.objects import ObjectStore
from confrere.core.terms import Broken

_MAGIC = b"CFQ1"
_CHUNK = 1 << 20
_TAG = 16
_PUBLIC = 32
_HEADER = len(_MAGIC) + _PUBLIC
_SEALED_CHUNK = _CHUNK + _TAG
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

ReadRange = Callable[[int, int], bytes | memoryview]
"""(offset, length) -> that many bytes of the sealed stream."""


def _damaged() -> Broken:
    return Broken("quarantine: sealed bytes are damaged or not of this intake", retryable=False)


def _stream_key(shared: bytes, ephemeral: bytes, recipient: bytes) -> AESGCM:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=ephemeral + recipient, info=b"confrere/quarantine/" + _MAGIC)
    return AESGCM(kdf.derive(shared))


def _nonce(index: int, *, last: bool) -> bytes:
    # The key is new for every stream, so a counter never repeats under it.
    return struct.pack(">3xQ?", index, last)


def _bound_to(intake_id: str, object_id: str) -> bytes:
    if not _NAME.fullmatch(intake_id) or (object_id and not _NAME.fullmatch(object_id)):
        raise Broken("quarantine: not a name it accepts", retryable=False)
    return _MAGIC + f"/{intake_id}/{object_id}/".encode()


def _chunk_context(bound: bytes, index: int, *, last: bool) -> bytes:
    return bound + struct.pack(">Q?", index, last)


class Sealer:
    """Seals streams to one intake's public key (X25519, 32 bytes)."""

    def __init__(self, public_key: bytes, intake_id: str, object_id: str = "") -> None:
        self._recipient = X25519PublicKey.from_public_bytes(public_key)
        self._bound = _bound_to(intake_id, object_id)

    def seal_chunks(self, plaintext: Iterable[bytes | memoryview]) -> Iterator[bytes]:
        """The sealed stream of the joined `plaintext`, piece by piece, in about 3 MiB of memory."""
        ephemeral = X25519PrivateKey.generate()
        public = ephemeral.public_key().public_bytes_raw()
        key = _stream_key(ephemeral.exchange(self._recipient), public, self._recipient.public_bytes_raw())
        yield _MAGIC + public
        index = 0
        for chunk, last in _in_chunks(plaintext):
            context = _chunk_context(self._bound, index, last=last)
            yield key.encrypt(_nonce(index, last=last), chunk, context)
            index += 1

    def seal(self, plaintext: bytes | memoryview) -> bytes:
        """The sealed stream of `plaintext` as one value."""
        return b"".join(self.seal_chunks((plaintext,)))


def _in_chunks(pieces: Iterable[bytes | memoryview]) -> Iterator[tuple[bytes | memoryview, bool]]:
    """(chunk, is it the last): every chunk but the last is whole; there is always a last one."""
    held: bytes | memoryview | None = None  # a whole chunk, kept back until it is known not to be the last
    rest = bytearray()
    for piece in pieces:
        # What is not immutable is copied: the caller may fill the same buffer again.
        view = memoryview(piece if isinstance(piece, bytes) else bytes(piece))
        while view:
            if not rest and len(view) >= _CHUNK:
                whole: bytes | memoryview = view[:_CHUNK]
                view = view[_CHUNK:]
            else:
                taken = _CHUNK - len(rest)
                rest += view[:taken]
                view = view[taken:]
                if len(rest) < _CHUNK:
                    break
                whole = bytes(rest)
                rest = bytearray()
            if held is not None:
                yield held, False
            held = whole
    if rest:
        if held is not None:
            yield held, False
        held = bytes(rest)
    yield (b"" if held is None else held), True


def unseal(private_key: bytes, intake_id: str, sealed: bytes | memoryview, object_id: str = "") -> bytes:
    """The plaintext; raises Broken for a byte changed, moved, cut off or sealed for another intake."""
    view = memoryview(sealed)
    bound = _bound_to(intake_id, object_id)
    return b"".join(_opened(private_key, bound, len(view), lambda start, length: view[start : start + length]))


def unseal_to(private_key: bytes, intake_id: str, sealed: BinaryIO, fileobj: BinaryIO, object_id: str = "") -> int:
    """Write the plaintext of the seekable stream `sealed` to `fileobj`; the number of bytes written.

    Raises Broken as `unseal` does, and then what was written is a true beginning at best: throw it away.
    """
    size = sealed.seek(0, 2)

    def read(start: int, length: int) -> bytes:
        sealed.seek(start)
        return sealed.read(length)

    return _pour(_opened(private_key, _bound_to(intake_id, object_id), size, read), fileobj)


def _pour(chunks: Iterator[bytes], fileobj: BinaryIO) -> int:
    written = 0
    for chunk in chunks:
        fileobj.write(chunk)
        written += len(chunk)
    return written


def _opened(private_key: bytes, bound: bytes, size: int, read: ReadRange) -> Iterator[bytes]:
    if size < _HEADER + _TAG:
        raise _damaged()
    header = bytes(read(0, _HEADER))
    if header[: len(_MAGIC)] != _MAGIC:
        raise _damaged()
    own = X25519PrivateKey.from_private_bytes(private_key)
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(header[len(_MAGIC) :]))
    except ValueError:  # a point of small order
        raise _damaged() from None
    key = _stream_key(shared, header[len(_MAGIC) :], own.public_key().public_bytes_raw())
    for index, start in enumerate(range(_HEADER, size, _SEALED_CHUNK)):
        last = start + _SEALED_CHUNK >= size
        sealed = read(start, min(_SEALED_CHUNK, size - start))
        try:
            yield key.decrypt(_nonce(index, last=last), sealed, _chunk_context(bound, index, last=last))
        except (InvalidTag, ValueError):
            raise _damaged() from None


class Quarantine:
    """Sealed objects in an object store, one folder for each intake: originals, or with another `shelf` desk sheets."""

    def __init__(self, store: ObjectStore, shelf: str = "quarantine") -> None:
        self._store = store
        self._shelf = shelf

    def put(self, intake_id: str, name: str, public_key: bytes, content: bytes | Iterable[bytes]) -> str:
        """Seal `content` durably; the key to read it by.

        `name` is the caller's own unguessable word (a UUID in hex), new for each try: a name already used
        raises ObjectConflict, since no two sealings are alike. An iterable that raises leaves nothing.
        """
        key = f"{self._shelf}/{intake_id}/{name}"
        if not name:
            raise Broken("quarantine: not a name it accepts", retryable=False)
        pieces = (content,) if isinstance(content, bytes | bytearray | memoryview) else content
        self._store.put(key, Sealer(public_key, intake_id, name).seal_chunks(pieces))
        return key

    def read(self, key: str, intake_id: str, private_key: bytes) -> bytes:
        """The original; raises Broken where it is missing, damaged or another intake's."""
        return unseal(private_key, intake_id, self._store.get(key), self._name_in(key, intake_id))

    def read_to(self, key: str, intake_id: str, private_key: bytes, fileobj: BinaryIO) -> int:
        """Write the original to `fileobj`, chunk by chunk; its length. On Broken, discard what is there."""
        bound = _bound_to(intake_id, self._name_in(key, intake_id))

        def read(start: int, length: int) -> bytes:
            return self._store.get_range(key, start, length)

        return _pour(_opened(private_key, bound, self._store.size(key), read), fileobj)

    def drop(self, intake_id: str) -> int:
        """Delete every sealed original of the intake; how many there were. Its key is destroyed apart."""
        _bound_to(intake_id, "")
        keys = list(self._store.keys(f"{self._shelf}/{intake_id}"))
        self._store.delete_all(keys)
        return len(keys)

    def _name_in(self, key: str, intake_id: str) -> str:
        folder, _, name = key.rpartition("/")
        if folder != f"{self._shelf}/{intake_id}" or not name:
            raise _damaged()
        return name
