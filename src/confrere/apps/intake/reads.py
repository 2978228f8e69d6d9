"""Queries about intakes, answered as frozen views."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from confrere.adapters.clock import now
from confrere.apps.accounts.models import Member
from confrere.apps.intake.models import Arrival, DicomPeer, Intake, IntakeState
from confrere.core.terms import REASONS, Reason


@dataclass(frozen=True, slots=True)
class IntakeView:
    """One intake as its sender sees it."""

    id: uuid.UUID
    door: str
    state: str
    created_at: datetime
    files: int
    examined: int
    size: int
    reason: Reason | None


def view_of(intake: Intake) -> IntakeView:
    """The sender's view of an intake."""
    arrivals = list(intake.arrivals.values_list("received_size", "is_examined"))
    return IntakeView(
        id=intake.id,
        door=intake.get_door_display(),
        state=intake.state,
        created_at=intake.created_at,
        files=len(arrivals),
        examined=sum(1 for _size, examined in arrivals if examined),
        size=sum(size for size, _examined in arrivals),
        reason=REASONS.get(intake.reason_code),
    )


def own_intake(member_id: uuid.UUID, intake_id: uuid.UUID) -> Intake | None:
    """The member's own intake, else None: not found and not yours look alike."""
    return Intake.objects.filter(id=intake_id, member_id=member_id).first()


def own_arrival(member_id: uuid.UUID, arrival_id: uuid.UUID) -> Arrival | None:
    """The member's own arrival, else None."""
    return Arrival.objects.filter(id=arrival_id, intake__member_id=member_id).first()


def recent_intakes(member_id: uuid.UUID, limit: int = 20) -> list[IntakeView]:
    """The member's newest intakes."""
    rows = Intake.objects.filter(member_id=member_id).order_by("-created_at")[:limit]
    return [view_of(row) for row in rows]


def open_intakes_of(door: str) -> list[uuid.UUID]:
    """Intakes of a door that are still receiving."""
    return list(Intake.objects.filter(door=door, state=IntakeState.RECEIVING).values_list("id", flat=True))


def silent_intakes(silent_for: timedelta) -> list[uuid.UUID]:
    """Receiving intakes that have not been touched for so long."""
    return list(
        Intake.objects.filter(state=IntakeState.RECEIVING, touched_at__lt=now() - silent_for).values_list(
            "id", flat=True
        )
    )


def peer_member(ae_title: str) -> Member | None:
    """The member whose drafts an allowed device makes, else None."""
    peer = DicomPeer.objects.filter(ae_title=ae_title, is_active=True).select_related("owner").first()
    return peer.owner if peer and peer.owner.is_active else None


def active_peers() -> list[DicomPeer]:
    """The allow-list of calling devices."""
    rows = DicomPeer.objects.select_related("owner").filter(is_active=True, owner__is_active=True)
    return list(rows.order_by("ae_title"))
