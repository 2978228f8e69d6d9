"""The second look at a whole series: every needle of any instance, searched in every instance, each passage once.

All instances of a series are one patient, so what one original holds no cleaned file of the series may hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confrere.core.terms import Broken
from confrere.core.verify.layout import layout_of
from confrere.core.verify.needles import TEXT, Harvest
from confrere.core.verify.pixel_tail import picture_length
from confrere.core.verify.reading import harvest
from confrere.core.verify.residuals import Residual, residuals

if TYPE_CHECKING:  # the verifier runs without the package that the engine reads with
    from confrere.core.dicom.passages import Passage

Buffer = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class PixelPart:
    """The pixel element as written: its own `header` (tag, VR, length; empty without pixels) and its value.

    `length` is the number of bytes of a native value, 0 if encapsulated; `stream` is the whole value if encapsulated.
    """

    header: bytes = b""
    length: int = 0
    stream: Buffer = b""


class SeriesLook:
    """The second look at the instances of one series, each distinct passage once."""

    def __init__(self, *, implicit: bool) -> None:
        self._implicit = implicit
        self._read: list[tuple[str, bytes, bytes, PixelPart]] = []

    def read(self, name: str, passages: "Sequence[Passage]", pixels: PixelPart) -> None:
        """Take in one instance. Raises Broken where a passage is not what its parts make up."""
        for passage in passages:
            _check(passage)
        original = b"".join(passage.original for passage in passages)
        self._read.append((name, original, b"".join(passage.cleaned for passage in passages), pixels))

    def judge(self) -> dict[str, tuple[Residual, ...]]:
        """The residuals of every instance that has any, by its name."""
        known = Harvest().merge(*(harvest(original) for _, original, _, _ in self._read))
        found: dict[str, tuple[Residual, ...]] = {}
        for name, _, cleaned, pixels in self._read:
            told = set(residuals(cleaned + pixels.header + bytes(pixels.stream), known))
            wanted = picture_length(layout_of(cleaned))
            if wanted is not None and pixels.length > wanted + 1:
                told.add(Residual(TEXT, "pixel_tail", 0x7FE00010))
            if told:
                found[name] = tuple(sorted(told, key=lambda one: (one.place, one.tag or 0, one.kind)))
        return found


def _check(passage: "Passage") -> None:
    if not passage.parts:
        return
    if b"".join(part.original for part in passage.parts) != passage.original:
        raise Broken("a passage is not what its parts make up", retryable=False)
    if b"".join(part.cleaned for part in passage.parts) != passage.cleaned:
        raise Broken("a passage is not what its parts make up", retryable=False)
    for part in passage.parts:
        _check(part)
