"""Read single values out of walked elements: text, numbers, codes. Absent or unreadable reads as None.

Source: PS3.5 table 6.2-1 (value representations).
"""

import math
import re
import struct
from collections.abc import Iterable

from confrere.core.dicom.dictionary import tag_name
from confrere.core.dicom.walk import Buffer, Element, Read
from confrere.core.terms import Refused

# As the standard writes them; Python's own reading also takes "1_0" and the digits of other scripts.
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}")


class Attributes:
    """The elements of one data set or item, asked by tag."""

    __slots__ = ("buffer", "by_tag", "read")

    def __init__(self, buffer: Buffer, elements: Iterable[Element], read: Read | None = None) -> None:
        """Index `elements`, whose offsets point into `buffer`; `read` gives what lies behind it, pixels alone."""
        self.buffer = buffer
        self.read = read or self._at_hand
        self.by_tag = {element.tag: element for element in elements}

    def _at_hand(self, start: int, stop: int) -> bytes:
        return bytes(self.buffer[start:stop])

    def raw(self, tag: int) -> bytes | None:
        """The value's bytes as they stand, or None when the element is absent."""
        element = self.by_tag.get(tag)
        return None if element is None else bytes(self.buffer[element.value : element.stop])

    def texts(self, tag: int) -> tuple[str, ...]:
        """The backslash-separated values without padding; only for VRs of the default repertoire."""
        raw = self.raw(tag)
        if not raw:
            return ()
        text = decoded(raw).strip("\0 ")
        return tuple(part.strip("\0 ") for part in text.split("\\")) if text else ()

    def text(self, tag: int) -> str:
        """The first value, "" when there is none."""
        values = self.texts(tag)
        return values[0] if values else ""

    def numbers(self, tag: int) -> tuple[float, ...]:
        """All values of a DS or IS element; empty when any of them is not a finite number."""
        texts = self.texts(tag)
        if not all(_DECIMAL.fullmatch(text) for text in texts):
            return ()
        values = tuple(float(text) for text in texts)
        return values if all(math.isfinite(value) for value in values) else ()

    def number(self, tag: int) -> float | None:
        """The first value of a DS or IS element."""
        values = self.numbers(tag)
        return values[0] if values else None

    def integer(self, tag: int) -> int | None:
        """The first value of an IS element; None unless it is a whole number."""
        text = self.text(tag)
        return int(text) if _INTEGER.fullmatch(text) else None

    def unsigned(self, tag: int) -> int:
        """The single US value of a structural element.

        Raises Refused: missing-element, or wrong-vr when it is anything but two bytes of VR US.
        """
        element = self.by_tag.get(tag)
        if element is None or element.value == element.stop:
            raise Refused("missing-element", tag_name(tag))
        if element.vr != b"US" or element.stop - element.value != 2:
            raise Refused("wrong-vr", tag_name(tag))
        return int(struct.unpack_from("<H", self.buffer, element.value)[0])

    def unsigned_or(self, tag: int, default: int) -> int:
        """As `unsigned`, with `default` for an absent element."""
        return self.unsigned(tag) if tag in self.by_tag else default

    def item(self, tag: int, index: int = 0) -> "Attributes | None":
        """Item `index` of the sequence `tag`, or None."""
        element = self.by_tag.get(tag)
        if element is None or element.items is None or index >= len(element.items):
            return None
        return Attributes(self.buffer, element.items[index].elements)

    def shorts(self, tag: int) -> tuple[int, ...]:
        """All 16-bit values of a US or SS element, unsigned; empty when it is absent or its length odd."""
        raw = self.raw(tag)
        if not raw or len(raw) % 2:
            return ()
        return struct.unpack(f"<{len(raw) // 2}H", raw)


def decoded(raw: bytes) -> str:
    """`raw` as text: UTF-8 where it is that, else byte for byte, so that equal bytes give equal text."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
