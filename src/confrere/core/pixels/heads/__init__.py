"""Heads: a CT or MR volume of a head shows a face, so key slices are handed on, and the volume only once it is cut.

One pure way in: `clear_head(build_volume(planes, modality), detectors, seed)`. `kind_of_series` says beforehand whether
it is needed; `planes_only` and `may_render_skin` are the rules around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from confrere.core.pixels.faces import FaceDetector, Image
from confrere.core.pixels.heads.apply import apply_cut
from confrere.core.pixels.heads.check import Look, filling_for, look_at, skin_level, skin_levels
from confrere.core.pixels.heads.envelope import STEPS, Cut, plan_cut
from confrere.core.pixels.heads.grid import STANDING, sample
from confrere.core.pixels.heads.is_head import Kind, kind_of_series
from confrere.core.pixels.heads.key_slices import UNCHECKED_APART_MM, key_slices, key_slices_above
from confrere.core.pixels.heads.pose import Face, find_face
from confrere.core.pixels.heads.rules import may_render_skin, planes_only
from confrere.core.pixels.heads.volume import Modality, Plane, Volume, build_volume
from confrere.core.terms import Held, Reason, reason

CLEAR = 2 / 3
"""Once no rendering passes this share of a threshold no other shape of the cut is tried; else the best is taken."""


@dataclass(frozen=True, slots=True)
class HeadResult:
    """What may be handed on of a head.

    `volume` is the cut volume, or None when no cut passed the check. `key_slices` are indices of its slices, or of the
    original's where there is none; `places` of the volume says which image each is. With `needs_person` the slices are
    a proposal alone. `before` and `after` are the seven renderings a person compares; `reason` says what was done.
    """

    volume: Volume | None
    key_slices: tuple[int, ...]
    before: tuple[Image, ...]
    after: tuple[Image, ...]
    reason: Reason
    needs_person: bool


def clear_head(volume: Volume, detectors: Sequence[FaceDetector], seed: int) -> HeadResult:
    """The head in `volume` with its face and ears cut off, if both detectors saw a face before and see none after.

    `seed` makes the noise; same input, same result. Raises Held, `head-geometry`, for a volume that cannot be sampled,
    ValueError without a detector.
    """
    if not detectors:
        raise ValueError("a head cannot be checked without a detector")
    values = sample(volume).values
    level = skin_level(values, volume.modality)
    before = look_at(volume, detectors, (level,))
    face = find_face(volume, level, detectors)
    if face is None:
        return HeadResult(
            None,
            key_slices(volume, apart_mm=UNCHECKED_APART_MM),
            before.pictures,
            (),
            reason("head-blind"),
            needs_person=True,
        )
    filling, ahead = filling_for(values, level, volume.modality), sample(volume, face.axes)
    best: tuple[Cut, Volume, Look] | None = None
    why = reason("head-still-a-face")
    try:
        for step in range(STEPS):
            cut = plan_cut(ahead, face, level, step=step)
            done, _ = apply_cut(volume, cut, filling, seed)
            after = _look_again(done, face, level, detectors)
            if best is None or after.strongest < best[2].strongest:
                best = (cut, done, after)
            if after.strongest <= CLEAR:
                break
    except Held as held:
        why = held.reason
    if best is not None and not best[2].fires:
        _, done, after = best
        return HeadResult(
            done, key_slices(done), before.pictures, after.pictures, reason("head-cut"), needs_person=False
        )
    pack = key_slices_above(volume, best[0]) if best is not None else ()
    after_pictures = best[2].pictures if best is not None else ()
    return HeadResult(None, pack, before.pictures, after_pictures, why, needs_person=not pack)


def _look_again(cut: Volume, face: Face, level: float, detectors: Sequence[FaceDetector]) -> Look:
    """The cut head along the patient's axes at every level of skin, and along the face's own."""
    standing = look_at(cut, detectors, skin_levels(level, cut.modality), (STANDING,))
    ahead = look_at(cut, detectors, (level,), (face.axes,))
    return Look(standing.strengths + ahead.strengths, standing.pictures)


__all__ = [
    "HeadResult",
    "Kind",
    "Modality",
    "Plane",
    "Volume",
    "build_volume",
    "clear_head",
    "kind_of_series",
    "may_render_skin",
    "planes_only",
]
