"""Carry boxes seen on some frames of a film to all the frames between, and beyond where one comes or goes.

A detector is too slow for every frame, so it looks at every n-th. What is seen on two samples in a row is masked by
one box around both on every frame between; what is seen once is masked, larger, up to both neighbouring samples.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from confrere.core.pixels.regions import Box, Region

EVERY: Final = 5
"""Every how many frames a detector looks: a fifth of a second of most films."""
_SAME: Final = 0.2
_GROWTH: Final = 0.3


def samples(count: int, every: int = EVERY) -> tuple[int, ...]:
    """The frames a detector looks at in a film of `count`, the first and the last among them."""
    return tuple(dict.fromkeys((*range(0, count, every), count - 1))) if count else ()


def tracked(seen: Sequence[tuple[int, Sequence[Region]]], rows: int, columns: int) -> tuple[Region, ...]:
    """Regions for every frame from what was `seen` on the sampled ones, in order of frames.

    Boxes stay within `rows` and `columns`. Every region of a sample is covered on that frame itself.
    """
    found: list[Region] = []
    for at, (frame, regions) in enumerate(seen):
        following = seen[at + 1] if at + 1 < len(seen) else None
        before = seen[at - 1] if at else None
        for region in regions:
            partners = [other for other in following[1] if _is_same(region, other)] if following else []
            found += [_between(region, frame, other, following[0]) for other in partners if following]
            came = before is not None and not any(_is_same(region, other) for other in before[1])
            goes = following is not None and not partners
            first = before[0] if came and before else frame
            last = following[0] if goes and following else frame
            box = _grown(region.box, rows, columns) if came or goes else region.box
            if came or goes or not partners:
                found.append(replace(region, first_frame=first, last_frame=last, box=box))
    return tuple(dict.fromkeys(found))


def _between(region: Region, frame: int, other: Region, until: int) -> Region:
    one, two = region.box, other.box
    around = Box(min(one.left, two.left), min(one.top, two.top), max(one.right, two.right), max(one.bottom, two.bottom))
    score = max(region.score, other.score)
    return replace(region, first_frame=frame, last_frame=until, box=around, score=score)


def _is_same(region: Region, other: Region) -> bool:
    """Whether two boxes of a kind share a fifth of the smaller one."""
    one, two = region.box, other.box
    wide = min(one.right, two.right) - max(one.left, two.left)
    high = min(one.bottom, two.bottom) - max(one.top, two.top)
    return region.kind is other.kind and max(0, wide) * max(0, high) > _SAME * min(one.area, two.area)


def _grown(box: Box, rows: int, columns: int) -> Box:
    beside, above = int(_GROWTH * (box.right - box.left)) + 1, int(_GROWTH * (box.bottom - box.top)) + 1
    left, top = min(max(0, box.left - beside), columns - 1), min(max(0, box.top - above), rows - 1)
    return Box(left, top, max(left + 1, min(columns, box.right + beside)), max(top + 1, min(rows, box.bottom + above)))
