"""Marks: short keyed hashes that say "the same as before" and nothing else.

Source: RFC 7693 (BLAKE2b with a key).
"""

import hashlib
from base64 import urlsafe_b64encode

from confrere.server.bulk.walking import Found


def _key(secret: bytes) -> bytes:
    # Hashed first: BLAKE2b takes 64 bytes of key, and a secret may be longer.
    return hashlib.blake2b(secret, digest_size=32, person=b"confrere-marks").digest()


def key_mark(secret: bytes) -> str:
    """The same for the same secret; 32 hexadecimal digits."""
    return hashlib.blake2b(b"key", key=_key(secret), digest_size=16).hexdigest()


class InputMarks:
    """Marks of input files: a size and a time of change are facts about a patient's file, so they are hashed."""

    def __init__(self, secret: bytes) -> None:
        self._key = _key(secret)

    def of(self, file: Found) -> str:
        """Eleven letters that change when the file's size or time of change does."""
        told = f"{file.size} {file.mtime_ns}".encode()
        return urlsafe_b64encode(hashlib.blake2b(told, key=self._key, digest_size=8).digest()).rstrip(b"=").decode()

    def text(self, words: str) -> str:
        """A mark of any text, such as the path of the source; 32 hexadecimal digits."""
        return hashlib.blake2b(words.encode("utf-8", "surrogateescape"), key=self._key, digest_size=16).hexdigest()


def number_of(*words: object) -> int:
    """64 bits that stand for `words` in memory."""
    told = "\0".join(map(str, words)).encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "little")
