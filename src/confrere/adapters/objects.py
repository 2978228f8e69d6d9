"""Objects on a folder or on S3, written once: what `put` has acknowledged survives a power cut.

Reads go through obstore for both. Writes to a folder are our own, because obstore's do not fsync.
"""

import os
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from confrere.adapters import clock
from confrere.core.terms import Broken

if TYPE_CHECKING:
    from obstore.store import S3Config

Content = bytes | bytearray | memoryview | Iterable[bytes]

_SEGMENT = re.compile(r"[A-Za-z0-9_=-][A-Za-z0-9._=-]*")
_MAX_KEY = 512
_TEMPORARY = ".tmp"
_BLOCK = 1 << 20


class ObjectMissing(Broken):
    """No object has this key."""

    def __init__(self) -> None:
        super().__init__("object not found", retryable=False)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return type(self), ()  # crosses to and from the workers of a pool


class ObjectConflict(Broken):
    """The key is taken by other bytes; what was there is unchanged."""

    def __init__(self) -> None:
        super().__init__("object exists with other content", retryable=False)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return type(self), ()  # crosses to and from the workers of a pool


class StoreFull(Broken):
    """The disk or quota is full; nothing was kept. Doors answer 507 or 0xA700 and the sender tries later."""

    def __init__(self) -> None:
        super().__init__("object store is full", retryable=True)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return type(self), ()  # crosses to and from the workers of a pool


def content_key(prefix: str, sha256_hex: str) -> str:
    """The key of content-addressed bytes under `prefix`, fanned out so that no folder grows too long."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256_hex):
        raise Broken("content key needs a SHA-256 in lower-case hex", retryable=False)
    return check_key(f"{prefix}/{sha256_hex[:2]}/{sha256_hex[2:4]}/{sha256_hex}")


def check_key(key: str) -> str:
    """Return `key`; raises Broken for one that is absolute, climbs, hides or holds an unusual character."""
    segments = key.split("/")
    if len(key) > _MAX_KEY or key.endswith(_TEMPORARY) or not all(map(_SEGMENT.fullmatch, segments)):
        raise Broken("object key is not allowed", retryable=False)
    return key


@contextmanager
def _named_errors() -> Iterator[None]:
    # from None: obstore and the system quote whole paths and URLs in their messages.
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise ObjectMissing from None
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise StoreFull from None
        raise Broken(f"object store: errno {error.errno}", retryable=True) from None
    except BaseError as error:
        raise Broken(f"object store: {type(error).__name__}", retryable=True) from None


class ObjectStore(ABC):
    """One namespace of write-once objects; safe to share between threads, and to pickle to a worker."""

    _store: LocalStore | S3Store

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        self.url = url
        self._options = dict(options)

    def __reduce__(self) -> tuple[Callable[..., "ObjectStore"], tuple[str, dict[str, str]]]:
        return ObjectStore.open, (self.url, self._options)

    @staticmethod
    def open(url: str, options: Mapping[str, str] | None = None) -> "ObjectStore":
        """The store at `file:///abs/path` (made if absent) or `s3://bucket/prefix`.

        For S3, `options` are obstore's (endpoint, access_key_id, …); absent ones come from AWS_* variables.
        """
        scheme = urlsplit(url).scheme
        if scheme == "file":
            return _Folder(url, options or {})
        if scheme == "s3":
            return _Bucket(url, options or {})
        raise Broken("object store URL must begin with file:/// or s3://", retryable=False)

    @abstractmethod
    def put(self, key: str, content: Content) -> None:
        """Keep `content` under `key`; on return it is durable.

        The same bytes again are a no-op; other bytes raise ObjectConflict and change nothing. An iterable
        that raises leaves nothing behind.
        """

    def delete(self, key: str) -> None:
        """Remove the object durably; an absent key is no error."""
        self.delete_all((key,))

    @abstractmethod
    def delete_all(self, keys: Iterable[str]) -> None:
        """Remove many objects, durably on return; absent keys are no error."""

    @abstractmethod
    def sweep(self, *, older_than_s: float = 3600.0) -> int:
        """Remove what interrupted puts left behind; the number of leftovers removed."""

    def get(self, key: str) -> bytes:
        """The whole object; raises ObjectMissing."""
        with _named_errors():
            return obstore.get(self._store, check_key(key)).bytes().to_bytes()

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes from offset `start` (0-based); raises Broken where the object is shorter."""
        with _named_errors():
            found = obstore.get_range(self._store, check_key(key), start=start, length=length).to_bytes()
        if len(found) != length:
            raise Broken("object is shorter than asked for", retryable=False)
        return found

    def size(self, key: str) -> int:
        """Length in bytes; raises ObjectMissing."""
        with _named_errors():
            return obstore.head(self._store, check_key(key))["size"]

    def exists(self, key: str) -> bool:
        """Whether the key is taken."""
        try:
            self.size(key)
        except ObjectMissing:
            return False
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key below the folder `prefix` (whole segments), in no promised order."""
        if prefix:
            check_key(prefix)
        with _named_errors():
            for batch in obstore.list(self._store, prefix=prefix or None):
                yield from (found["path"] for found in batch if not found["path"].endswith(_TEMPORARY))


def _pieces(content: Content) -> Iterable[bytes | bytearray | memoryview]:
    return (content,) if isinstance(content, bytes | bytearray | memoryview) else content


class _Bucket(ObjectStore):
    """S3; put-if-absent by `If-None-Match: *`, which the server must honour (SeaweedFS and AWS do)."""

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        super().__init__(url, options)
        plain = options.get("endpoint", os.environ.get("AWS_ENDPOINT_URL", "")).startswith("http://")
        with _named_errors():
            self._store = S3Store.from_url(
                url,
                config=cast("S3Config", dict(options)),  # the names are checked by obstore
                client_options={"allow_http": True} if plain else None,
            )

    def put(self, key: str, content: Content) -> None:
        # A conditional put is one request, so the body is whole in memory; only folders stream.
        body = b"".join(_pieces(content))
        with _named_errors():
            try:
                obstore.put(self._store, check_key(key), body, mode="create", use_multipart=False)
            except AlreadyExistsError:
                if self.size(key) != len(body) or self.get(key) != body:
                    raise ObjectConflict from None

    def delete_all(self, keys: Iterable[str]) -> None:
        for key in keys:
            with suppress(ObjectMissing), _named_errors():
                obstore.delete(self._store, check_key(key))

    def sweep(self, *, older_than_s: float = 3600.0) -> int:
        return 0  # a put is one request: the server keeps all of it or nothing


class _Folder(ObjectStore):
    """A folder; owner-only, and every acknowledged name is on disk together with the folders above it."""

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        super().__init__(url, options)
        parts = urlsplit(url)
        self._root = Path(unquote(parts.path))
        if parts.netloc or not self._root.is_absolute() or ".." in self._root.parts:
            raise Broken("object store URL must name an absolute folder", retryable=False)
        self._durable: set[Path] = set()
        with _named_errors():
            self._make_durable(self._root)
            self._store = LocalStore(self._root)

    def put(self, key: str, content: Content) -> None:
        final = self._root / check_key(key)
        with _named_errors():
            self._make_durable(final.parent)
            temporary = final.with_name(f"{final.name[:64]}.{secrets.token_hex(8)}{_TEMPORARY}")
            try:
                _write_through(temporary, content)
                self._link(temporary, final)
            finally:
                temporary.unlink(missing_ok=True)
                _sync_folder(final.parent)

    @staticmethod
    def _link(temporary: Path, final: Path) -> None:
        # link, not rename: rename would silently replace what is there.
        try:
            os.link(temporary, final)
        except FileExistsError:
            if not _same_bytes(temporary, final):
                raise ObjectConflict from None

    def delete_all(self, keys: Iterable[str]) -> None:
        folders = set()
        with _named_errors():
            for path in [self._root / check_key(key) for key in keys]:
                with suppress(FileNotFoundError):
                    path.unlink()
                    folders.add(path.parent)
            for folder in folders:
                _sync_folder(folder)

    def sweep(self, *, older_than_s: float = 3600.0) -> int:
        before = clock.now().timestamp() - older_than_s
        removed = 0
        for path in self._root.rglob(f"*{_TEMPORARY}"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime <= before:
                    path.unlink()
                    removed += 1
        return removed

    def _make_durable(self, folder: Path) -> None:
        # Another process may have made the folder and not yet synced it, so the first use always syncs.
        if folder in self._durable:
            return
        if folder != self._root:
            self._make_durable(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
        else:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)
        self._durable.add(folder)


def _write_through(path: Path, content: Content) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        for piece in _pieces(content):
            rest = memoryview(piece)
            while rest:
                rest = rest[file.write(rest) :]
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _same_bytes(one: Path, other: Path) -> bool:
    with one.open("rb") as left, other.open("rb") as right:
        while True:
            block = left.read(_BLOCK)
            if block != right.read(_BLOCK):
                return False
            if not block:
                return True


__all__ = [
    "Content",
    "ObjectConflict",
    "ObjectMissing",
    "ObjectStore",
    "StoreFull",
    "check_key",
    "content_key",
]
