"""Queries about the heads of a draft, answered as frozen views; somebody else's draft has none."""

import uuid
from dataclasses import dataclass

from confrere.apps.cases.models import Case, CaseState
from confrere.apps.clearance.face_free import FacesDue, FacesHeld, study_for_others
from confrere.apps.clearance.heads import strip_key
from confrere.apps.clearance.models import HeadLook, HeadState
from confrere.core.terms import REASONS, Reason


@dataclass(frozen=True, slots=True)
class HeadView:
    """One series of a draft that may show a face, as its author is told of it.

    `handed_on` of its `images` are what others see, `changed` of them cut; `proposed` is how many single slices she may
    choose instead of nothing. `strips` are names of renderings.
    """

    look_id: uuid.UUID
    modality: str
    is_due: bool
    is_held: bool
    images: int
    handed_on: int
    changed: int
    proposed: int
    reason: Reason | None
    strips: tuple[str, ...]


def heads_of_case(case_id: uuid.UUID) -> list[HeadView]:
    """The series of a case that are being looked at, were cut, or are not handed on whole; others are not told of."""
    looks = HeadLook.objects.filter(case_id=case_id).exclude(state=HeadState.OUTGROWN).order_by("series_instance_uid")
    return [
        _view(look) for look in looks.prefetch_related("face_free") if look.state != HeadState.DONE or look.reason_code
    ]


def _view(look: HeadLook) -> HeadView:
    rows = list(look.face_free.all())
    out = sum(1 for row in rows if not row.sha256)
    held = look.state == HeadState.HELD
    return HeadView(
        look.id,
        look.modality,
        look.state == HeadState.DUE,
        held,
        look.images,
        0 if held else look.images - out,
        len(rows) - out,
        len(look.proposed) if held else 0,
        REASONS.get(look.reason_code),
        tuple(look.strips),
    )


def is_own_draft(member_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    """Whether the case is a draft of the member's own."""
    return Case.objects.filter(id=case_id, author_id=member_id, state=CaseState.DRAFT).exists()


def are_faces_due(case_id: uuid.UUID) -> bool:
    """Whether a post of the case would have to wait for a look at a head."""
    try:
        study_for_others(case_id)
    except FacesDue:
        return True
    except FacesHeld:
        return False
    return False


def strip_of(member_id: uuid.UUID, case_id: uuid.UUID, look_id: uuid.UUID, name: str) -> str | None:
    """Where the renderings `name` (before or after) of a look at one's own draft lie, else None."""
    look = HeadLook.objects.filter(
        id=look_id, case_id=case_id, case__author_id=member_id, case__state=CaseState.DRAFT
    ).first()
    return strip_key(look.id, name) if look is not None and name in look.strips else None
