"""A file as the engine reads it: its first bytes, its size, and any other part when asked for."""

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

    def whole(self) -> "Source":
        """The same file with all of it in `head`."""
        return self if len(self.head) == self.size else source_of(self.read(0, self.size))


def source_of(data: Buffer) -> Source:
    """A file that is in memory already."""
    return Source(data, len(data), lambda start, stop: bytes(data[start:stop]))
