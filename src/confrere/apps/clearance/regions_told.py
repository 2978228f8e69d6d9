"""Regions as rows and pages hold them: short lists of numbers and words, read back strictly.

What comes from a browser or a jailed child is believed only after it has been measured against the picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confrere.core.pixels.regions import Box, Region, RegionKind

MOST_REGIONS = 400
"""Of one instance; a person draws a few, a page of text has dozens of lines."""
ENGINE = "engine"
"""Whose word it is where nobody had to be asked."""
_SOURCE_LENGTH = 40
_FIELDS = 9
_MARKS = dict.fromkeys(map(ord, "-+._ "))


class BadRegions(ValueError):
    """Regions that no picture of this size can have; the message is for the person and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """The picture that regions must lie in: `columns` wide, `rows` high, `frames` deep."""

    rows: int
    columns: int
    frames: int


def regions_told(regions: Iterable[Region]) -> list[list[object]]:
    """`regions` as [first, last, left, top, right, bottom, kind, source, score], in order."""
    return [
        [
            *(one.first_frame, one.last_frame, one.box.left, one.box.top, one.box.right, one.box.bottom),
            *(str(one.kind), one.source[:_SOURCE_LENGTH], round(float(one.score), 3)),
        ]
        for one in sorted(regions)
    ]


def regions_from(told: object, canvas: Canvas) -> tuple[Region, ...]:
    """The regions in `told`, each proven to lie in `canvas`; raises BadRegions with a sentence for the person."""
    if not isinstance(told, list):
        raise BadRegions("The boxes are not a list.")
    if len(told) > MOST_REGIONS:
        raise BadRegions(f"There are more than {MOST_REGIONS} boxes on one picture.")
    return tuple(_region(one, canvas) for one in told)


def _region(told: object, canvas: Canvas) -> Region:
    if not isinstance(told, list) or len(told) != _FIELDS:
        raise BadRegions("A box is not of the form that this page sends.")
    numbers, kind, source, score = told[:6], told[6], told[7], told[8]
    # bool is an int, and JSON as browsers write it has no NaN; Python's reader lets it through as a float.
    if any(type(number) is not int for number in numbers):
        raise BadRegions("A box has a corner that is no whole number.")
    first, last, left, top, right, bottom = (int(number) for number in numbers)
    if not (0 <= left < right <= canvas.columns and 0 <= top < bottom <= canvas.rows):
        raise BadRegions("A box lies outside the picture or has no inside.")
    if not 0 <= first <= last < canvas.frames:
        raise BadRegions("A box stands on frames that the picture does not have.")
    if kind not in list(RegionKind) or not _is_source(source):
        raise BadRegions("A box is of a kind that is not known.")
    if type(score) not in (int, float) or not 0 <= score <= 1:
        raise BadRegions("A box has a certainty that is none.")
    return Region(first, last, Box(left, top, right, bottom), RegionKind(kind), str(source), float(score))


def _is_source(source: object) -> bool:
    return isinstance(source, str) and len(source) <= _SOURCE_LENGTH and source.translate(_MARKS).isalnum()


def counts_of(regions: Sequence[Region]) -> dict[str, int]:
    """How many regions there are of each kind."""
    kinds = sorted(str(one.kind) for one in regions)
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
