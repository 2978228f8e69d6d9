"""Queries about the heads of a draft, answered as frozen views; somebody else's draft has none."""

import uuid
from dataclasses import dataclass

from confrere.apps.cases.models import Case, CaseState
from confrere.apps.clearance.actions.heads import LOOK_FAILED, PLANES
from confrere.apps.clearance.face_free import LOOSE, FacesDue, FacesHeld, study_for_others
from confrere.apps.clearance.heads import strip_key
from confrere.apps.clearance.models import HeadLook, HeadState
from confrere.core.pixels.heads.volume import FEWEST_SLICES
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
    may_look_again: bool
    reason: Reason | None
    strips: tuple[str, ...]


def heads_of_case(case_id: uuid.UUID) -> list[HeadView]:
    """The series of a case that are being looked at, were cut, or are not handed on whole; others are not told of."""
    rows = HeadLook.objects.filter(case_id=case_id).exclude(state=HeadState.OUTGROWN).order_by("series_instance_uid")
    looks = list(rows.prefetch_related("face_free"))
    stay_out = sum(look.images if look.outcome == PLANES else len(look.loose) for look in looks) >= FEWEST_SLICES
    for look in looks:
        if stay_out and look.loose:
            look.reason_code = look.reason_code or LOOSE
    return [_view(look, loose_stay_out=stay_out) for look in looks if look.state != HeadState.DONE or look.reason_code]


def _view(look: HeadLook, *, loose_stay_out: bool) -> HeadView:
    rows = list(look.face_free.all())
    cut = sum(1 for row in rows if row.sha256)
    out = len(rows) - cut + (len(look.loose) if loose_stay_out else 0)
    # Of what came in one piece too few slices are in doubt, all of it stays out.
    held = look.state == HeadState.HELD or (loose_stay_out and look.outcome == PLANES)
    return HeadView(
        look_id=look.id,
        modality=look.modality,
        is_due=look.state == HeadState.DUE,
        is_held=held,
        images=look.images,
        handed_on=0 if held else max(0, look.images - out),
        changed=cut,
        proposed=len(look.proposed) if look.state == HeadState.HELD else 0,
        may_look_again=look.state == HeadState.HELD and look.reason_code in LOOK_FAILED,
        reason=REASONS.get(look.reason_code),
        strips=tuple(look.strips),
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
