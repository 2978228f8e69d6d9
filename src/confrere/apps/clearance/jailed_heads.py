"""What runs inside the jail for a series that may show a face: is it a head, and what of it may others see.

Source: PS3.15 E.3.2 (Clean Recognizable Visual Features); docs/adr/0011-a-head-is-shown-without-its-face.md.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from confrere.apps.clearance.detectors import head_lookers
from confrere.apps.clearance.jailed import Answer
from confrere.core.deidentify.features import with_clean_features
from confrere.core.dicom.clinical import clinical_facts
from confrere.core.dicom.render import encoded_picture
from confrere.core.dicom.stored_values import open_instance, stored_values
from confrere.core.dicom.walk import Buffer
from confrere.core.pixels.faces import Image
from confrere.core.pixels.heads import Kind, Modality, Plane, build_volume, clear_head, kind_of_series, planes_only
from confrere.core.pixels.heads.check import skin_level
from confrere.core.pixels.heads.grid import sample
from confrere.core.pixels.heads.slices import planes_of, stacks_of, words_of
from confrere.core.pixels.heads.volume import FEWEST_SLICES
from confrere.core.pixels.new_values import with_values
from confrere.core.terms import Broken, Held
from confrere.core.verify import verify_instance

_STRIP_HIGH, _QUALITY = 240, 80


class Fate(StrEnum):
    """What becomes of one instance for others than its author."""

    SAME = "same"
    LOOSE = "loose"
    """As it is, as long as the case holds no more such slices than show no surface."""
    NEW = "new"
    OUT = "out"


@dataclass(slots=True)
class Found:
    """What was found so far of the frames of one series, by their place among all frames."""

    kept: set[int] = field(default_factory=set)
    loose: set[int] = field(default_factory=set)
    new: dict[int, NDArray[np.generic]] = field(default_factory=dict)
    needs_person: str = ""
    reason: str = ""
    strips: tuple[tuple[Image, ...], ...] = ()
    is_head: bool = False


def clear(blobs: Sequence[bytes], args: Mapping[str, object]) -> Answer:
    """Look at the series whose cleaned instances are `blobs`; args are `modality` (CT, MR or PT) and `seed`.

    Returns ({outcome, reason, held, fates, facts, strips}, [new files…, strips of renderings…]): a fate for each
    instance, facts for each new file. With `held` the fates are a proposal to a person. Raises Held for what cannot be
    judged, Refused for what cannot be read.
    """
    modality = Modality.CT if args["modality"] == "CT" else Modality.MR
    planes: list[Plane] = []
    owners: list[int] = []
    words: set[str] = set()
    for index, blob in enumerate(blobs):
        opened = open_instance(blob)
        frames = planes_of(opened)
        words.update(words_of(opened))
        planes.extend(frames)
        owners.extend([index] * len(frames))
    found = Found()
    for stack in stacks_of(planes):
        _look_at(found, planes, stack, (modality, sorted(words), int(str(args["seed"]))))
    if len(found.loose) >= FEWEST_SLICES:
        # Together they may show a surface, and nobody knows where they lie.
        found.loose.clear()
        found.reason = found.reason or "head-loose-slices"
    fates = _fates(found, owners, len(blobs))
    if found.needs_person or not any(fate is not Fate.OUT for fate in fates):
        told = {"outcome": "", "reason": found.needs_person or found.reason, "held": True}
        return {**told, **_told(fates, found), "facts": []}, _pictures(found)
    made = _new_files(blobs, found, owners, fates)
    value: dict[str, object] = {"outcome": _outcome(found, fates), "reason": found.reason, "held": False}
    facts = [clinical_facts(one) for one in made]
    return {**value, **_told(fates, found), "facts": facts}, [*made, *_pictures(found)]


def _look_at(
    found: Found, planes: list[Plane], stack: Sequence[int], about: tuple[Modality, Sequence[str], int]
) -> None:
    """Judge one stack of slices, and cut it where it is a head."""
    modality, words, seed = about
    if len(stack) < FEWEST_SLICES:
        found.loose.update(stack)
        return
    volume = build_volume([planes[index] for index in stack], modality)
    for place, stored in zip(volume.places, volume.stored, strict=True):
        # The same values, kept once: a thin-sliced head fills hundreds of megabytes.
        planes[stack[place]] = replace(planes[stack[place]], stored=stored)
    kind = kind_of_series(words, volume, skin_level(sample(volume).values, modality))
    if kind is Kind.OTHER:
        found.kept.update(stack)
        return
    found.is_head = True
    face_asked_about = planes_only(kind, consent=False)
    if face_asked_about is not None:
        raise Held(face_asked_about.code)
    result = clear_head(volume, head_lookers(), seed)
    if found.reason in ("", "head-cut"):
        found.reason = result.reason.code
    found.strips = found.strips or tuple(strip for strip in (result.before, result.after) if strip)
    if result.volume is None:
        found.kept.update(stack[volume.places[index]] for index in result.key_slices)
        found.needs_person = found.needs_person or (result.reason.code if result.needs_person else "")
        return
    for place, new in zip(result.volume.places, result.volume.stored, strict=True):
        found.kept.add(stack[place])
        if not np.array_equal(new, planes[stack[place]].stored):
            found.new[stack[place]] = new


def _fates(found: Found, owners: Sequence[int], instances: int) -> list[Fate]:
    """What becomes of each instance: one of many frames goes out as a whole when any of them does."""
    frames: dict[int, list[int]] = defaultdict(list)
    for frame, owner in enumerate(owners):
        frames[owner].append(frame)
    return [_fate(found, frames[instance]) for instance in range(instances)]


def _fate(found: Found, frames: Sequence[int]) -> Fate:
    if any(frame not in found.kept | found.loose for frame in frames):
        return Fate.OUT
    if any(frame in found.new for frame in frames):
        # What is loose beside the cut frames of one instance was looked at by nobody.
        return Fate.OUT if any(frame in found.loose for frame in frames) else Fate.NEW
    return Fate.LOOSE if any(frame in found.loose for frame in frames) else Fate.SAME


def _outcome(found: Found, fates: Sequence[Fate]) -> str:
    if not found.is_head:
        return "planes" if Fate.LOOSE in fates else "other"
    return "cut" if found.new else "slices"


def _new_files(blobs: Sequence[bytes], found: Found, owners: Sequence[int], fates: Sequence[Fate]) -> list[bytes]:
    made = []
    for instance, fate in enumerate(fates):
        if fate is not Fate.NEW:
            continue
        first = owners.index(instance)
        mine = range(first, first + owners.count(instance))
        values = {frame - first: found.new[frame] for frame in mine if frame in found.new}
        made.append(_new_file(blobs[instance], values))
    return made


def _new_file(cleaned: Buffer, values: Mapping[int, NDArray[np.generic]]) -> bytes:
    """`cleaned` with `values` in its frames, saying so; looked at again as every file is."""
    made = with_clean_features(with_values(cleaned, values))
    if verify_instance(made, None):
        raise Held("residual-found")
    opened = open_instance(made)
    if any(not np.array_equal(stored_values(opened, frame + 1), wanted) for frame, wanted in values.items()):
        raise Broken("a cut that does not read as it was written", retryable=False)
    return made


def _told(fates: Sequence[Fate], found: Found) -> dict[str, object]:
    return {"fates": [str(fate) for fate in fates], "strips": len(found.strips)}


def _pictures(found: Found) -> list[Buffer]:
    """The seven renderings side by side, before and after: for the author's eyes."""
    return [
        encoded_picture(strip, viewport=(strip.shape[1], _STRIP_HIGH), quality=_QUALITY)
        for strip in (np.ascontiguousarray(np.hstack(views)) for views in found.strips)
    ]
