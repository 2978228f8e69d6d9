"""Stacks with a string on every slice, on twelve, or on one; and the same strings at stored values of any size."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.burned_sets import Fonts, inked


@dataclass(frozen=True, slots=True)
class Stamp:
    """One scenario: what is stamped on which frames of a stack; `ink` is what shows, for each of those frames."""

    name: str
    stack: np.ndarray
    ink: dict[int, np.ndarray]


def scenarios(stack: np.ndarray, fonts: Fonts, *, few: bool) -> Iterator[Stamp]:
    """Ten scenarios, or with `few` the first five."""
    count, rows, columns = stack.shape
    at = lambda share: int(columns * share)  # noqa: E731
    middle, latin, hindi = rows // 2, "DejaVuSans.ttf", "NotoSansDevanagari-Regular.ttf"
    block, third, half = range(count // 2, count // 2 + 12), count // 3, count // 2
    table = (
        ("every slice, corner, white", range(count), (8, 8), "SHARMA RAJESH  54Y/M", 14, 1.0, latin),
        ("twelve slices, corner, white", block, (8, rows - 40), "KUMARI ANITA DEVI", 12, 1.0, latin),
        ("twelve slices, anatomy, white", block, (at(0.31), middle - 30), "Civil Hospital", 16, 1.0, latin),
        ("one slice, anatomy, white", [third], (at(0.33), middle), "Mrs Fatima Begum", 16, 1.0, latin),
        ("one slice, anatomy, grey", [half], (at(0.31), middle + 20), "SURESH YADAV", 16, 0.59, latin),
        ("every slice, corner, grey", range(count), (8, rows - 24), "UHID 2023-55871", 12, 0.59, latin),
        ("every slice, corner, Hindi", range(count), (at(0.58), 8), "अनीता देवी", 16, 1.0, hindi),
        ("twelve slices, anatomy, grey", block, (at(0.33), middle + 10), "Ramesh Iyer 54Y", 16, 0.59, latin),
        ("one slice, corner, white", [5], (8, 8), "DOB 14/08/1962", 12, 1.0, latin),
        ("one slice, air, Hindi", [count // 4], (at(0.5), 10), "सुरेश यादव", 20, 1.0, hindi),
    )
    low, high = float(stack.min()), float(stack.max())
    for name, frames, place, text, size, level, font in table[: 5 if few else 10]:
        cover = inked(stack.shape[1:], place, text, fonts.font(font, size))
        value = low + (high - low) * level
        stamped = stack.copy()
        ink = {}
        for frame in frames:
            stamped[frame] = np.rint(stack[frame] * (1 - cover) + value * cover).astype(stack.dtype)
            apart = np.abs(stamped[frame].astype(np.int32) - stack[frame])
            ink[frame] = (cover > 0.3) & (apart >= (high - low) * 20 / 255 * (0.25 if high > 255 else 1))
        yield Stamp(name, stamped, ink)


def stored(picture: np.ndarray, name: str, fonts: Fonts) -> Iterator[tuple[str, np.ndarray, list[np.ndarray]]]:
    """Two strings at six stored values each: (name of the value, picture, where the ink of each shows)."""
    font = fonts.font("DejaVuSans.ttf", 16)
    inks = [
        inked(picture.shape, place, text, font) > 0.5
        for place, text in (((170, 250), "LAKSHMI NARAYANAN"), ((8, 8), "UHID 20231104-55871"))
    ]
    step = 1.0 if name.startswith("CT") else float(picture.std()) / 100
    tissue, air = float(np.median(picture[inks[0]])), float(np.median(picture[inks[1]]))
    largest = float(picture.max())
    values = {
        "largest": largest,
        "four times the largest": 4 * largest if largest > 0 else 4095,
        "least": float(picture.min()),
        "tissue + 40": tissue + 40 * step,
        "tissue + 150": tissue + 150 * step,
        "air + 30": air + 30 * step,
    }
    for label, value in values.items():
        burned = picture.copy()
        for ink in inks:
            burned[ink] = round(value)
        yield label, burned, [ink & (burned != picture) for ink in inks]
