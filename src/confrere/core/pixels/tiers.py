"""How closely pixels are looked at: every distinct frame where text is usual, in chunks where a scanner made slices.

Source: PS3.3 C.7.6.1.1.2 (image type), C.8.5.5 (ultrasound regions); measured by benchmarks/burned_in.py.
"""

import hashlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from confrere.core.dicom.burned_in import pixels_may_carry_text
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.pixels.boxes import Hit
from confrere.core.pixels.detect import boxes_of, find_lines
from confrere.core.pixels.detector import Detector, Stored
from confrere.core.pixels.marks import overlap
from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.pixels.stack import CHUNK, lines_in_chunk

DETECTOR = "text-detector"
OUTSIDE = "outside-ultrasound-picture"
# A film with more distinct frames than this is looked at in small chunks.
_MOST_ALONE, _SMALL_CHUNK = 24, 4
# So few slices are also looked at one by one: there is nothing to be saved.
_FEW = 2
# Boxes of neighbouring chunks that share this much are one.
_SAME = 0.9


class FrameSource(Protocol):
    """The frames of one instance, or of one series in order, decoded one at a time."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def shown(self) -> tuple[Box, ...]:
        """Where an ultrasound machine says its picture is; empty when it does not say."""

    def frame(self, index: int) -> Stored:
        """Frame `index`, from 0: stored grey values, bright means white, or RGB."""


class Tier(StrEnum):
    """How the pixels were looked at."""

    PREVIEW = "preview"
    """The quick pass over a stack: good enough to show the sender what will go, never to release."""
    STACK = "stack"
    """The thorough pass over a stack of CT, MR or PET: every frame counts, in chunks."""
    DISTINCT = "distinct"
    """Every distinct frame was looked at alone; a long film in chunks of four."""


def tier_for(facts: InstanceFacts, *, preview: bool) -> Tier:
    """Stacks are what a scanner measured; everything else is looked at frame by frame."""
    if pixels_may_carry_text(facts):
        return Tier.DISTINCT
    return Tier.PREVIEW if preview else Tier.STACK


def text_regions(frames: FrameSource, tier: Tier, detector: Detector) -> tuple[Region, ...]:
    """The regions of text by the passes of `tier`; raises whatever decoding a frame raises."""
    if tier is not Tier.DISTINCT:
        return _by_chunk(frames, detector, CHUNK, preview=tier is Tier.PREVIEW)
    distinct: dict[bytes, list[int]] = {}
    for index in range(frames.count):
        distinct.setdefault(_digest(frames.frame(index)), []).append(index)
    if len(distinct) > _MOST_ALONE:
        return _by_chunk(frames, detector, _SMALL_CHUNK, preview=False)
    found: list[Region] = []
    for indices in distinct.values():
        frame = frames.frame(indices[0])
        boxes = boxes_of(find_lines(frame, detector), frame.shape)
        for first, last in _runs(indices):
            found += [Region(first, last, box, RegionKind.TEXT, DETECTOR, score) for box, score in boxes]
    return over_time(found)


def _digest(frame: Stored) -> bytes:
    return hashlib.sha256(repr(frame.shape).encode() + frame.tobytes()).digest()


def _runs(indices: Iterable[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(indices), key=lambda pair: pair[1] - pair[0]):
        members = [index for _, index in run]
        yield members[0], members[-1]


def _by_chunk(frames: FrameSource, detector: Detector, most: int, *, preview: bool) -> tuple[Region, ...]:
    found: list[Region] = []
    waiting: list[Stored] = []
    first = 0
    for index in range(frames.count):
        frame = frames.frame(index)
        if waiting and (frame.shape != waiting[0].shape or len(waiting) == most):
            found += _chunk_regions(waiting, first, detector, preview=preview)
            waiting, first = [], index
        waiting.append(frame)
    if waiting:
        found += _chunk_regions(waiting, first, detector, preview=preview)
    return over_time(found)


def _chunk_regions(frames: list[Stored], first: int, detector: Detector, *, preview: bool) -> list[Region]:
    hits: list[Hit] = lines_in_chunk(frames, detector, preview=preview)
    if len(frames) <= _FEW and not preview:
        for frame in frames:
            hits += find_lines(frame, detector)
    last = first + len(frames) - 1
    return [
        Region(first, last, box, RegionKind.TEXT, DETECTOR, score) for box, score in boxes_of(hits, frames[0].shape)
    ]


def over_time(regions: Iterable[Region]) -> tuple[Region, ...]:
    """`regions`, those in nearly the same place on neighbouring frames joined into one that covers both."""
    open_ones: list[Region] = []
    closed: list[Region] = []
    for region in sorted(regions):
        closed += [one for one in open_ones if one.last_frame < region.first_frame - 1]
        open_ones = [one for one in open_ones if one.last_frame >= region.first_frame - 1]
        same = next((one for one in open_ones if _continues(one, region)), None)
        if same is None:
            open_ones.append(region)
            continue
        open_ones.remove(same)
        open_ones.append(
            Region(
                same.first_frame,
                region.last_frame,
                around(same.box, region.box),
                region.kind,
                region.source,
                max(same.score, region.score),
            )
        )
    return tuple(sorted([*closed, *open_ones]))


def _continues(one: Region, other: Region) -> bool:
    if one.last_frame != other.first_frame - 1 or (one.kind, one.source) != (other.kind, other.source):
        return False
    similar = min(one.box.area, other.box.area) >= _SAME * max(one.box.area, other.box.area)
    return similar and overlap(one.box, other.box) >= _SAME


def around(one: Box, other: Box) -> Box:
    """The least box that holds both."""
    return Box(
        min(one.left, other.left), min(one.top, other.top), max(one.right, other.right), max(one.bottom, other.bottom)
    )


def outside_shown(shown: tuple[Box, ...], rows: int, columns: int, frames: int) -> tuple[Region, ...]:
    """Regions over all above, below, left and right of the boxes that an ultrasound machine says hold its picture."""
    if not shown:
        return ()
    left, top = min(box.left for box in shown), min(box.top for box in shown)
    right, bottom = max(box.right for box in shown), max(box.bottom for box in shown)
    edges = ((0, 0, columns, top), (0, bottom, columns, rows), (0, top, left, bottom), (right, top, columns, bottom))
    return tuple(
        Region(0, frames - 1, Box(*edge), RegionKind.TEXT, OUTSIDE)
        for edge in edges
        if edge[0] < edge[2] and edge[1] < edge[3]
    )
