"""The lines of text in one picture: every rendering and scale that showed one more string, joined.

Source: measured on 127 pictures with 472 strings (benchmarks/burned_in.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from confrere.core.pixels.boxes import Growth, Hit, hits_of, mask_of, scaled
from confrere.core.pixels.detector import Detector, Picture, Probability, Stored
from confrere.core.pixels.mosaic import detect_parts, parts_of
from confrere.core.pixels.regions import Box
from confrere.core.pixels.rendering import as_eight_bit, darkest_of, grey_of, locally_normalised, resized, smoothed
from confrere.core.pixels.strokes import Reach, candidate_cells, lengthened

GROWTH = Growth(threshold=0.2, certainty=0.55, upright=0.5, along=2.2, margin=4.0)
# Enlarged parts are seen without their surroundings, and tissue looks more like letters there: more certainty is asked.
_ENLARGED = (replace(GROWTH, certainty=0.6), replace(GROWTH, certainty=0.75))
REACH = Reach()
_CELL = 8
CALM = 1.0
"""Deviation (pixels) of the blur under which noise of deep pixels fades and letters stay."""
# Lettering that only the half-size pass may report: what is lower is seen at full size.
_LARGE = 30.0
# From this many pixels on, text that a person can read is large enough without enlargement.
_LARGE_PICTURE = 1_500_000
# More channels apart than this many levels: letters may stand out in colour alone.
_COLOURED = 40


def find_lines(stored: Stored, detector: Detector) -> tuple[Hit, ...]:
    """The lines of text in one frame of any depth, (rows, columns) or (rows, columns, 3), each grown and lengthened."""
    found: list[Hit] = []
    for plane in _planes(stored):
        found += _lines_in(plane, detector)
    return tuple(found)


def _planes(stored: Stored) -> Iterator[Stored]:
    """Grey planes to look at: one, or two where letters may differ from their ground in colour."""
    yield grey_of(stored)
    if stored.ndim == 3:
        sample = stored[::2, ::2]
        apart = sample.max(axis=2).astype(np.int32) - sample.min(axis=2)
        if (apart > _COLOURED).mean() > 0.0005:
            yield darkest_of(stored)


def _lines_in(plane: Stored, detector: Detector) -> list[Hit]:
    eight, local = as_eight_bit(plane), locally_normalised(plane)
    once, half, twice = (0.5, 0.25, 1.0) if plane.size > _LARGE_PICTURE else (1.0, 0.5, 2.0)
    hits: list[Hit] = []
    for picture in (eight, local):
        hits += lines_at(picture, once, detector)
    hits += [hit for hit in lines_at(local, half, detector) if hit.height >= _LARGE]
    enlarged = [0, 1]
    if plane.dtype != np.uint8:
        # Ranks make noise as strong as letters: strokes say nothing there, so the whole is calmed and enlarged.
        calm = smoothed(eight, CALM)
        hits += [hit for hit in lines_at(calm, twice, detector) if hit.score >= _ENLARGED[0].certainty]
        enlarged = [1]
    parts = parts_of(candidate_cells(eight), _CELL, plane.shape)
    asked = [(number, box) for number in enlarged for box in parts]
    maps = detect_parts((eight, local), asked, twice, detector)
    for probability, growth in zip(maps, _ENLARGED, strict=True):
        hits += hits_of(probability, growth)
    return joined(eight, hits)


def lines_at(picture: Picture, scale: float, detector: Detector, growth: Growth = GROWTH) -> list[Hit]:
    """The lines the detector sees in the whole of `picture` at `scale`, in the picture's own coordinates."""
    probability: Probability = detector(resized(picture, scale))
    hits = []
    for hit in hits_of(probability, growth):
        boxes = tuple(box for box in (scaled(one, scale, picture.shape) for one in hit.boxes) if box is not None)
        if boxes:
            hits.append(Hit(boxes, hit.score, hit.height / scale))
    return hits


def joined(picture: Picture, hits: Sequence[Hit]) -> list[Hit]:
    """`hits` and, for each that goes on over its own strokes, a longer one."""
    longer = lengthened(picture, hits, REACH)
    return [*hits, *(Hit((box,), 1.0, float(box.bottom - box.top)) for box in longer)]


def boxes_of(hits: Sequence[Hit], shape: tuple[int, ...]) -> tuple[tuple[Box, float], ...]:
    """Boxes with their best score that cover the same pixels as all boxes of `hits`: hidden ones are left out."""
    scored = sorted(((box, hit.score) for hit in hits for box in hit.boxes), key=lambda one: (-one[0].area, one[0]))
    kept: list[tuple[Box, float]] = []
    covered = mask_of([], shape)
    for box, score in scored:
        window = covered[box.top : box.bottom, box.left : box.right]
        if not window.all():
            window[:] = True
            kept.append((box, score))
    return tuple(kept)
