"""Find the work that is due, from the rows alone: after a crash the same question gives the same answer."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import transaction

from confrere.apps.clearance.examine import ArrivalRef, Batch
from confrere.apps.clearance.models import Approval, ProposalState
from confrere.apps.clearance.pixel_eye import Approved
from confrere.apps.intake.actions.moves import move_intake
from confrere.apps.intake.models import Arrival, Intake, IntakeState

BATCH_ARRIVALS = 64
MAX_ATTEMPTS = 3


def take_up_received(actor: str) -> int:
    """Move every received intake into clearing; returns how many."""
    taken = 0
    for intake_id in Intake.objects.filter(state=IntakeState.RECEIVED).values_list("id", flat=True):
        with transaction.atomic():
            intake = Intake.objects.select_for_update().get(id=intake_id)
            if intake.state == IntakeState.RECEIVED:
                move_intake(intake, "take_up", actor)
                taken += 1
    return taken


def batches_due() -> Iterator[Batch]:
    """The batches of arrivals not yet examined, oldest intake first; only those asked for are read from the rows."""
    for intake in Intake.objects.filter(state=IntakeState.CLEARING).order_by("created_at"):
        waiting = Arrival.objects.filter(intake=intake, is_examined=False)
        waiting = waiting.prefetch_related("segments").order_by("ordinal")
        part = list(waiting[:BATCH_ARRIVALS])
        while part:
            approved = _approved_in(part)
            yield Batch(
                intake_id=intake.id,
                institution_id=intake.institution_id,
                arrivals=tuple(
                    ArrivalRef(row.id, tuple(one.object_key for one in row.segments.all()), tuple(approved[row.id]))
                    for row in part
                ),
                objects_url=settings.CONFIGURATION.objects,
                keybox_socket=settings.CONFIGURATION.keybox_socket,
            )
            part = list(waiting.filter(ordinal__gt=part[-1].ordinal)[:BATCH_ARRIVALS])


def _approved_in(arrivals: Sequence[Arrival]) -> dict[uuid.UUID, list[Approved]]:
    """The instances of these arrivals that a person has approved and that are due again; her newest word counts."""
    newest: dict[int, Approval] = {}
    rows = Approval.objects.filter(instance__arrival__in=arrivals, instance__proposal__state=ProposalState.ANSWERED)
    for row in rows.select_related("instance").order_by("id"):
        newest[row.instance_id] = row
    found: dict[uuid.UUID, list[Approved]] = defaultdict(list)
    for row in newest.values():
        found[row.instance.arrival_id].append(
            Approved(row.instance.index, row.regions, row.kept, str(row.member_id), row.rule)
        )
    return found


def intakes_to_settle() -> list[Intake]:
    """Intakes in clearing whose every arrival has been examined."""
    return list(
        Intake.objects.filter(state=IntakeState.CLEARING).exclude(arrivals__is_examined=False).order_by("created_at")
    )
