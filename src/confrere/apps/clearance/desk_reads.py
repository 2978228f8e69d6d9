"""Queries of the clearance desk, answered as frozen views; an intake of somebody else's has no desk."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from confrere.apps.clearance.models import Proposal, ProposalState
from confrere.apps.intake.models import IntakeState
from confrere.core.terms import REASONS, Outcome, Reason

# While images are still being looked at nobody is asked: she would be asked again for each that comes.
_SETTLED = (IntakeState.HELD, IntakeState.READY)
_WITH_ORIGINALS = (IntakeState.HELD, IntakeState.READY, IntakeState.CLEARING)


@dataclass(frozen=True, slots=True)
class Asked:
    """One image that waits for a look; boxes as in regions_told, `pictures` the frames on its sheet."""

    proposal_id: uuid.UUID
    series: uuid.UUID | None
    modality: str
    reason: Reason
    regions: list[list[object]]
    kept: list[list[object]]
    rows: int
    columns: int
    frames: int
    pictures: list[int]
    has_device_mask: bool


def _waiting(member_id: uuid.UUID) -> QuerySet[Proposal]:
    return Proposal.objects.filter(
        instance__arrival__intake__member_id=member_id,
        instance__arrival__intake__state__in=_WITH_ORIGINALS,
        instance__outcome=Outcome.HELD,
        state=ProposalState.OPEN,
    )


def desk_of(member_id: uuid.UUID, intake_id: uuid.UUID) -> list[Asked]:
    """What waits at the desk of the member's own intake, in the order it was sent; empty for anybody else."""
    rows = _waiting(member_id).filter(instance__arrival__intake_id=intake_id).select_related("instance")
    return [
        Asked(
            row.id,
            row.instance.series_id,
            str(row.instance.facts.get("modality", "")),
            REASONS[row.instance.reason_code],
            row.regions,
            row.kept,
            row.rows,
            row.columns,
            row.frames,
            row.pictures,
            row.has_device_mask,
        )
        for row in rows.order_by("instance__arrival__ordinal", "instance__index")
    ]


def sheet_key_of(member_id: uuid.UUID, intake_id: uuid.UUID, proposal_id: uuid.UUID) -> str | None:
    """Where the sheet of an image of one's own lies, else None; what she has just approved may still be loading."""
    rows = Proposal.objects.filter(
        id=proposal_id,
        instance__arrival__intake_id=intake_id,
        instance__arrival__intake__member_id=member_id,
        instance__arrival__intake__state__in=_WITH_ORIGINALS,
    )
    return rows.values_list("sheet_key", flat=True).first() or None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many images of an intake wait for a look, and how many approved ones are being worked on."""

    intake_id: uuid.UUID
    images: int
    at_work: int


def _counted(rows: QuerySet[Proposal]) -> list[Waiting]:
    counted = rows.values_list("instance__arrival__intake_id").annotate(
        images=Count("id", filter=Q(state=ProposalState.OPEN, instance__arrival__intake__state__in=_SETTLED)),
        at_work=Count("id", filter=Q(state=ProposalState.ANSWERED)),
    )
    return [Waiting(*row) for row in counted.order_by("instance__arrival__intake__created_at")]


def waiting_of_intake(intake_id: uuid.UUID) -> Waiting | None:
    """What waits of one intake; None when nothing does."""
    rows = Proposal.objects.filter(instance__arrival__intake_id=intake_id, instance__outcome=Outcome.HELD)
    rows = rows.filter(instance__arrival__intake__state__in=_WITH_ORIGINALS).exclude(state=ProposalState.DONE)
    return next(iter(_counted(rows)), None)


def waiting_of_member(member_id: uuid.UUID) -> list[Waiting]:
    """The intakes of a member at whose desk something waits for her look."""
    return [one for one in _counted(_waiting(member_id)) if one.images]


def waiting_of_case(case_id: uuid.UUID) -> list[Waiting]:
    """What waits of the studies of a case, by intake."""
    rows = Proposal.objects.filter(instance__series__study__case_id=case_id, instance__outcome=Outcome.HELD)
    rows = rows.filter(instance__arrival__intake__state__in=_WITH_ORIGINALS).exclude(state=ProposalState.DONE)
    return _counted(rows)
