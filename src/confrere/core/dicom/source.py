"""A file as the engine reads it: its first bytes, its size, and any other part when asked for.

Source: limits of Confrere's own parser jail: a worker's memory does not grow with the file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from confrere.core.dicom.walk import Buffer

# Most headers end well before; the few that do not are read whole.
HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """`head` are the first bytes of a file of `size` bytes; `read(start, stop)` gives any others."""

    head: Buffer
    size: int
    read: Callable[[int, int], bytes]

    def part(self, start: int, stop: int) -> bytes:
        """Bytes [start, stop), from the head where they lie in it."""
        return bytes(self.head[start:stop]) if stop <= len(self.head) else self.read(start, stop)

    def whole(self) -> "Source":
        """The same file with all of it in `head`."""
        return self if len(self.head) == self.size else source_of(self.read(0, self.size))


def source_of(data: Buffer) -> Source:
    """A file that is in memory already."""
    return Source(data, len(data), lambda start, stop: bytes(data[start:stop]))
