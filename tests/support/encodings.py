"""One data set in every encoding the standard has for it, written without the code under test.

Source: PS3.5 Annex A (transfer syntaxes), 7.5 (nesting), CP-246 (sequences of unknown representation).
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

Value = Union[str, bytes, "tuple[int | float, ...]", "list[Tree]"]
Tree = Mapping[int, tuple[str, Value]]

_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "OW": "H", "OF": "f", "AT": "H"}
_LONG = frozenset("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True)
class Way:
    """How to write: `order` as in struct; `undefined` leaves the lengths of sequences and items open.

    `unknown` writes every sequence as UN, whose content is implicit little endian whatever is around it.
    """

    order: str = "<"
    implicit: bool = False
    undefined: bool = False
    unknown: bool = False

    def tag(self, tag: int, length: int) -> bytes:
        return struct.pack(f"{self.order}HHI", tag >> 16, tag & 0xFFFF, length)

    def head(self, tag: int, vr: str, length: int) -> bytes:
        if self.implicit:
            return self.tag(tag, length)
        if vr in _LONG:
            return struct.pack(f"{self.order}HH2sHI", tag >> 16, tag & 0xFFFF, vr.encode(), 0, length)
        return struct.pack(f"{self.order}HH2sH", tag >> 16, tag & 0xFFFF, vr.encode(), length)

    def value(self, vr: str, value: Value) -> bytes:
        if isinstance(value, tuple):
            raw = struct.pack(f"{self.order}{len(value)}{_NUMBERS[vr]}", *value)
        else:
            raw = value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]
        return raw + (b"\0" if vr in {"UI", "OB", "UN"} else b" ") * (len(raw) % 2)

    def sequence(self, tag: int, items: "list[Tree]") -> bytes:
        inner = Way("<", implicit=True, undefined=self.undefined) if self.unknown else self
        content = b"".join(inner.item(tree) for tree in items)
        vr = "UN" if self.unknown else "SQ"
        if not self.undefined:
            return self.head(tag, vr, len(content)) + content
        return self.head(tag, vr, _UNDEFINED) + content + inner.tag(0xFFFEE0DD, 0)

    def item(self, tree: Tree) -> bytes:
        content = self.dataset(tree)
        if self.undefined:
            return self.tag(0xFFFEE000, _UNDEFINED) + content + self.tag(0xFFFEE00D, 0)
        return self.tag(0xFFFEE000, len(content)) + content

    def dataset(self, tree: Tree) -> bytes:
        """The whole of `tree` in tag order."""
        whole = b""
        for tag in sorted(tree):
            vr, value = tree[tag]
            if isinstance(value, list):
                whole += self.sequence(tag, value)
            else:
                raw = self.value(vr, value)
                whole += self.head(tag, vr, len(raw)) + raw
        return whole
