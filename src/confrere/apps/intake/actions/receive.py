"""Take in bytes: open an intake, add arrivals and segments, complete it.

INVARIANT: a function here returns only after the object is fsynced and its row committed; only then may a door
say that something was received.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from confrere.adapters.clock import now
from confrere.apps.accounts.models import Member
from confrere.apps.audit.actions.record import record
from confrere.apps.intake.actions.moves import move_intake
from confrere.apps.intake.models import Arrival, Intake, IntakeState, Segment
from confrere.apps.intake.quarantine import keybox, quarantine
from confrere.core.terms import Refused

MAX_ARRIVAL_BYTES = 10 << 30
MAX_ARRIVALS = 20_000


@dataclass(frozen=True, slots=True)
class ArrivalPlace:
    """Where an arrival stands: how much is here, how much was promised."""

    arrival_id: uuid.UUID
    intake_id: uuid.UUID
    received: int
    declared: int | None
    is_complete: bool


def open_intake(member: Member, door: str) -> Intake:
    """Open an intake for `member` through `door`; its key pair is made in the key box first."""
    intake_id = uuid.uuid4()
    public_key = keybox().create(str(intake_id))
    with transaction.atomic():
        intake = Intake.objects.create(
            id=intake_id,
            institution_id=member.institution_id,
            member=member,
            door=door,
            public_key=public_key,
            touched_at=now(),
        )
        record(str(member.id), "intake.opened", str(intake_id), {"door": door})
    return intake


def add_arrival(intake: Intake, suffix: str = "", declared_size: int | None = None) -> ArrivalPlace:
    """Announce one file of an intake.

    Raises Refused `too-large` or `too-many-files`, and Refused `not-dicom` never: content is judged later.
    """
    if declared_size is not None and not 0 <= declared_size <= MAX_ARRIVAL_BYTES:
        raise Refused("too-large")
    with transaction.atomic():
        locked = Intake.objects.select_for_update().get(id=intake.id)
        if locked.state != IntakeState.RECEIVING:
            raise Refused("timeout")
        last = locked.arrivals.aggregate(last=Max("ordinal"))["last"]
        ordinal = 0 if last is None else last + 1
        if ordinal >= MAX_ARRIVALS:
            raise Refused("too-many-files")
        arrival = Arrival.objects.create(
            intake=locked, ordinal=ordinal, suffix=suffix[:12], declared_size=declared_size
        )
        record(str(intake.member_id), "arrival.announced", str(arrival.id), {"intake": str(intake.id)})
    return ArrivalPlace(arrival.id, intake.id, 0, declared_size, is_complete=False)


def append_bytes(arrival_id: uuid.UUID, offset: int, content: bytes) -> ArrivalPlace:
    """Seal `content` as the arrival's next segment and commit it.

    The last promised byte completes the arrival. Raises Refused `upload-mismatch` when `offset` is not where the
    arrival ends now, and `too-large` past the promised size.
    """
    arrival = Arrival.objects.select_related("intake").get(id=arrival_id)
    end = offset + len(content)
    if offset != arrival.received_size or arrival.is_complete:
        raise Refused("upload-mismatch")
    if end > (MAX_ARRIVAL_BYTES if arrival.declared_size is None else arrival.declared_size):
        raise Refused("too-large")
    key = quarantine().put(str(arrival.intake_id), f"{uuid.uuid4().hex}", bytes(arrival.intake.public_key), content)
    with transaction.atomic():
        locked = Arrival.objects.select_for_update().select_related("intake").get(id=arrival_id)
        if locked.received_size != offset or locked.intake.state != IntakeState.RECEIVING:
            raise Refused("upload-mismatch")
        Segment.objects.create(arrival=locked, offset=offset, length=len(content), object_key=key)
        locked.received_size = end
        locked.is_complete = locked.declared_size == end
        locked.save(update_fields=["received_size", "is_complete"])
        Intake.objects.filter(id=locked.intake_id).update(touched_at=now())
        if locked.is_complete:
            record(str(locked.intake.member_id), "arrival.completed", str(locked.id), {"bytes": end})
    return ArrivalPlace(locked.id, locked.intake_id, end, locked.declared_size, locked.is_complete)


def receive_whole(intake: Intake, content: bytes, suffix: str = "") -> ArrivalPlace:
    """Take in one file that is at hand as a whole, in one transaction; used by the DICOM node."""
    key = quarantine().put(str(intake.id), uuid.uuid4().hex, bytes(intake.public_key), content)
    with transaction.atomic():
        locked = Intake.objects.select_for_update().get(id=intake.id)
        if locked.state != IntakeState.RECEIVING:
            raise Refused("timeout")
        last = locked.arrivals.aggregate(last=Max("ordinal"))["last"]
        ordinal = 0 if last is None else last + 1
        size = len(content)
        arrival = Arrival.objects.create(
            intake=locked,
            ordinal=ordinal,
            suffix=suffix,
            declared_size=size,
            received_size=size,
            is_complete=True,
        )
        Segment.objects.create(arrival=arrival, offset=0, length=size, object_key=key)
        locked.touched_at = now()
        locked.save(update_fields=["touched_at"])
        record(str(locked.member_id), "arrival.completed", str(arrival.id), {"bytes": size})
    return ArrivalPlace(arrival.id, intake.id, size, size, is_complete=True)


def complete_intake(actor: str, intake_id: uuid.UUID) -> str:
    """Say that nothing more will come, and return the new state: `received`, or `abandoned` when nothing came.

    A second time changes nothing. Raises Refused `truncated` while an arrival is still incomplete.
    """
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(id=intake_id)
        if intake.state != IntakeState.RECEIVING:
            return intake.state
        if intake.arrivals.filter(is_complete=False).exists():
            raise Refused("truncated")
        verb = "complete" if intake.arrivals.exists() else "abandon"
        move_intake(intake, verb, actor)
        return intake.state


def close_broken_intake(actor: str, intake_id: uuid.UUID) -> str:
    """End an intake whose sender went away: what was acknowledged whole goes on, half arrivals are dropped."""
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(id=intake_id)
        if intake.state != IntakeState.RECEIVING:
            return intake.state
        dropped, _ = intake.arrivals.filter(is_complete=False).delete()
        verb = "complete" if intake.arrivals.exists() else "abandon"
        move_intake(intake, verb, actor)
        if dropped:
            record(actor, "arrival.dropped", str(intake.id), {"rows": dropped})
        return intake.state
