"""The second look at a whole series: every needle of any instance, searched in every instance, each passage once.

All instances of a series are one patient, so what one original holds no cleaned file of the series may hold. A look
screens each distinct passage; only where something could be wrong are the files read one by one, as wholes.
Source: PS3.15 Annex E, E.1.1; PS3.10 section 7.1 (preamble and group 0002).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from struct import unpack_from
from typing import TYPE_CHECKING, NamedTuple

from confrere.core.terms import Broken
from confrere.core.verify import dates
from confrere.core.verify.hay import Hay
from confrere.core.verify.layout import Layout, Leaf, TooDeep, layout_of
from confrere.core.verify.needles import TEXT
from confrere.core.verify.originals import NO_DAYS, Originals
from confrere.core.verify.pixel_tail import picture_length_of, telling_runs
from confrere.core.verify.residuals import Residual, date_leaves, in_order, residuals_in
from confrere.core.verify.search import Search

if TYPE_CHECKING:  # the verifier runs without the package that the engine reads with
    from confrere.core.dicom.passages import Passage

Buffer = bytes | bytearray | memoryview

_PIXEL_DATA = 0x7FE00010
_PIXEL_GROUP = b"\xe0\x7f"
_SHORT = 128
_HEADER_LENGTHS = (8, 12)


@dataclass(frozen=True, slots=True)
class PixelPart:
    """The pixel element as written: its own `header` (tag, VR, length; empty without pixels) and its value.

    `length` is the number of bytes of a native value, 0 if encapsulated; `stream` is the whole value if encapsulated.
    """

    header: bytes = b""
    length: int = 0
    stream: Buffer = b""


class _Instance(NamedTuple):
    name: str
    passages: "tuple[Passage, ...]"
    pixels: PixelPart


class SeriesLook:
    """The second look at the instances of one series, each distinct passage once."""

    def __init__(self, *, implicit: bool) -> None:
        """`implicit` tells how the data sets are encoded; group 0002 is always explicit."""
        self._implicit = implicit
        self._instances: list[_Instance] = []
        # By identity first: a run that is the same in every instance is the same object in each. `_instances` keeps
        # every passage alive, so no identity is ever used twice.
        self._known: set[int] = set()
        self._distinct: dict[tuple[bytes, bytes, bool], Passage] = {}
        self._fresh: list[Passage] = []
        self._admitted: list[tuple[Passage, Passage]] = []
        self._originals = Originals(implicit=implicit)
        self._hay = Hay(implicit=implicit)
        self._shapes: dict[int, tuple[bytes, ...]] = {}
        self._lengths: dict[tuple[tuple[bytes, ...], ...], int | None] = {}
        self._tails: set[int] = set()
        self._runs: list[bytes] = []
        self._judged = 0
        self._has_found = False

    def read(self, name: str, passages: "Sequence[Passage]", pixels: PixelPart) -> None:
        """Take in one instance. Raises Broken where a passage is not what its parts make up: hold the instance."""
        whole = tuple(passages)
        if pixels.header and (len(pixels.header) not in _HEADER_LENGTHS or pixels.header[:2] != _PIXEL_GROUP):
            raise Broken("the header of the pixels is none", retryable=False)
        self._instances.append(_Instance(name, whole, pixels))
        known = self._known
        for passage in whole:
            if id(passage) not in known:
                self._admit(passage)

    def _admit(self, passage: "Passage") -> None:
        original, cleaned, is_raw, parts = passage
        if len(original) < _SHORT and len(cleaned) < _SHORT and not parts:
            # Looking at it again costs no more than finding out that it is the same.
            self._fresh.append(passage)
            self._known.add(id(passage))
            return
        key = (original, cleaned, is_raw)
        first = self._distinct.get(key)
        if first is None:
            if parts:
                self._check_parts(passage)
            else:
                self._fresh.append(passage)
            self._distinct[key] = first = passage
        self._known.add(id(passage))
        if first is not passage or parts:
            self._admitted.append((passage, first))

    def _check_parts(self, passage: "Passage") -> None:
        parts = passage.parts
        if (
            b"".join([part.original for part in parts]) != passage.original
            or b"".join([part.cleaned for part in parts]) != passage.cleaned
        ):
            raise Broken("a passage is not what its parts make up", retryable=False)
        for part in parts:
            if id(part) not in self._known:
                self._admit(part)

    def judge(self) -> dict[str, tuple[Residual, ...]]:
        """The residuals of every instance read so far that has any, by its name.

        Looks at what is new since the last time, against everything. Raises Broken when the passages cannot be read
        or nothing in them can be looked for: hold the series.
        """
        new = self._take_fresh()
        self._look_at_pixels()
        every = Search(self._originals.harvest)
        is_suspect = (
            self._has_found
            or self._hay.is_suspicious
            or self._hay.shows(every, new)
            or self._hay.has_unmoved_dates(every.harvest.days)
            or any(every.phrase_kinds(runs) for runs in self._runs)
        )
        if not is_suspect and not self._tails:
            return {}
        found: dict[str, tuple[Residual, ...]] = {}
        for at, instance in enumerate(self._instances):
            told = set(self._read_whole(instance, every)) if is_suspect else set()
            if at in self._tails:
                told.add(Residual(TEXT, "pixel_tail", _tag_of(instance.pixels.header)))
            if told:
                found[instance.name] = in_order(told.union(found.get(instance.name, ())))
        self._has_found = bool(found)
        return found

    def _take_fresh(self) -> Search:
        """Harvest and gather what is new; gives the needles that are."""
        fresh, self._fresh = self._fresh, []
        shapes = self._shapes
        originals, hay = self._originals, self._hay
        try:
            for passage in fresh:
                before = originals.take(passage.original, is_raw=passage.raw) if passage.original else NO_DAYS
                if passage.cleaned and (shape := hay.take(passage.cleaned, before)):
                    shapes[id(passage)] = shape
        except TooDeep:
            raise Broken("a passage nests too deep to be read", retryable=False) from None
        for passage, first in self._admitted:
            # Parts are admitted before the passage that they make up.
            shape = shapes.get(id(first)) or tuple(one for part in first.parts for one in shapes.get(id(part), ()))
            if shape:
                shapes[id(passage)] = shape
        self._admitted = []
        hay.settle()
        new = originals.settle()
        if self._instances and not len(originals.harvest):
            # A second look for nothing would find nothing: every real instance has at least its own UIDs.
            raise Broken("the originals yield nothing to look for", retryable=False)
        return Search(new)

    def _look_at_pixels(self) -> None:
        """Measure the native pixels of the new instances, and gather the text in compressed ones."""
        for at in range(self._judged, len(self._instances)):
            _, passages, pixels = self._instances[at]
            if pixels.length:
                shape = tuple([shape for shape in map(self._shapes.get, map(id, passages)) if shape])
                if shape not in self._lengths:
                    self._lengths[shape] = picture_length_of(shape, implicit=self._implicit)
                wanted = self._lengths[shape]
                if wanted is not None and pixels.length > wanted + 1:
                    self._tails.add(at)
            if pixels.stream:
                self._runs.append(telling_runs(pixels.stream))
        self._judged = len(self._instances)

    def _read_whole(self, instance: _Instance, every: Search) -> tuple[Residual, ...]:
        """Every residual of one instance, its file read from the first byte to the last."""
        content = b"".join(passage.cleaned for passage in instance.passages)
        if instance.pixels.stream:
            content += instance.pixels.header + instance.pixels.stream
        layout = layout_of(content)
        return residuals_in(layout, every, self._excused(layout, instance, every.harvest.days))

    def _excused(self, layout: Layout, instance: _Instance, originals: frozenset[int]) -> set[Leaf]:
        shift = dates.common_shift(self._hay.moved)
        pieces = [one for passage in instance.passages for one in _unjoined(passage)]
        starts = list(accumulate((len(one.cleaned) for one in pieces), initial=0))
        excused = set()
        for leaf, value in date_leaves(layout):
            piece = pieces[bisect_right(starts, leaf.start, hi=len(pieces)) - 1]
            before = self._originals.days_at(piece.original, is_raw=piece.raw).get(leaf.path, ())
            if dates.is_explained(dates.Moved(dates.days_of(value), frozenset(before)), shift, originals):
                excused.add(leaf)
        return excused


def _unjoined(passage: "Passage") -> "Iterator[Passage]":
    """The passages that a passage was joined from, or itself."""
    if not passage.parts:
        yield passage
    for part in passage.parts:
        yield from _unjoined(part)


def _tag_of(header: bytes) -> int:
    group, element = unpack_from("<HH", header) if header else (_PIXEL_DATA >> 16, _PIXEL_DATA & 0xFFFF)
    return int(group) << 16 | int(element)
