"""Is there a head in this series? When unsure, yes: what is taken for a head is never handed on as it came.

Source: PS3.16 Annex L (body parts of BodyPartExamined) and plain words of Indian and European study descriptions.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.heads.grid import sample
from confrere.core.pixels.heads.volume import Volume

HEAD_WORDS: Final = frozenset(
    """head brain skull cranium cranial cerebral neuro encephalon cephalic face facial maxillofacial orbit orbits eye
    eyes sinus sinuses pns nose nasal nasopharynx jaw mandible maxilla tmj tm_joint dental teeth tooth cbct opg ear
    ears iac temporal mastoid pituitary sella parotid stroke ncct cect_brain mrbrain ctbrain headneck neck carotid
    cerebrum hrct_temporal whole wholebody body petct tongue oral pharynx larynx cervical cspine angio""".split()
)
OTHER_WORDS: Final = frozenset(
    """abdomen abdominal pelvis pelvic chest thorax lung lungs heart cardiac coronary liver kidney kub knee hip ankle
    foot hand wrist elbow shoulder femur tibia humerus forearm thigh leg arm lumbar lspine thoracic tspine sacrum
    sacroiliac prostate uterus breast spine prostate bladder bowel rectum""".split()
)
LOOKED_AT_IN_PLANES: Final = frozenset(
    """orbit orbits eye eyes sinus sinuses pns nose nasal jaw mandible maxilla maxillofacial facial face tmj tm_joint
    dental teeth tooth cbct opg""".split()
)
_WORD = re.compile(r"[^a-z_]+")
_HEAD_WIDE_MM, _HEAD_DEEP_MM, _LEAST_TALL_MM = (100, 220), (110, 270), 60


class Kind(StrEnum):
    """What a series shows, as far as a face goes."""

    HEAD = "head"
    FACE_ITSELF = "face"
    """An orbit, sinus, jaw or dental study: the face is what is asked about."""
    OTHER = "other"


def kind_of_series(words: Sequence[str], volume: Volume | None, level: float | None = None) -> Kind:
    """What the series shows, from the words of its header (body part, descriptions, protocol) and its shape.

    OTHER only when some word names another part, none names a head, and the shape (skin above `level`), where one is
    known, is not a head's. Everything else is a head.
    """
    told = {word for text in words for word in _WORD.split(text.lower()) if word}
    if told & LOOKED_AT_IN_PLANES:
        return Kind.FACE_ITSELF
    if told & HEAD_WORDS or not told & OTHER_WORDS:
        return Kind.HEAD
    if volume is None or level is None or may_hold_head(volume, level):
        return Kind.HEAD
    return Kind.OTHER


def may_hold_head(volume: Volume, level: float) -> bool:
    """Whether somewhere a piece of skin, cut across, is as wide and deep as a head over the height of half a head.

    The patient's own axes are tried in every order, since a header may lie about which way is up.
    """
    values = sample(volume).values
    for order in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        turned = values.transpose(order)
        fits = [_is_head_sized(turned[row] > level) for row in range(0, turned.shape[0], 5)]
        if _longest_run(fits) * 5 >= min(_LEAST_TALL_MM, turned.shape[0] - 5):
            return True
    return False


def _is_head_sized(plane: NDArray[np.bool_]) -> bool:
    count, _, stats, _ = cv2.connectedComponentsWithStats(plane.astype(np.uint8))
    for piece in range(1, count):
        sides = sorted((int(stats[piece, cv2.CC_STAT_WIDTH]), int(stats[piece, cv2.CC_STAT_HEIGHT])))
        wide, deep = sides
        if _HEAD_WIDE_MM[0] <= wide <= _HEAD_WIDE_MM[1] and _HEAD_DEEP_MM[0] <= deep <= _HEAD_DEEP_MM[1]:
            return True
    return False


def _longest_run(fits: Sequence[bool]) -> int:
    longest = run = 0
    for fit in fits:
        run = run + 1 if fit else 0
        longest = max(longest, run)
    return longest
