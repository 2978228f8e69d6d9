"""Find the work that is due, from the rows alone: after a crash the same question gives the same answer."""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction

from confrere.apps.clearance.examine import ArrivalRef, Batch
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
            yield Batch(
                intake_id=intake.id,
                institution_id=intake.institution_id,
                arrivals=tuple(
                    ArrivalRef(row.id, tuple(segment.object_key for segment in row.segments.all())) for row in part
                ),
                objects_url=settings.CONFIGURATION.objects,
                keybox_socket=settings.CONFIGURATION.keybox_socket,
            )
            part = list(waiting.filter(ordinal__gt=part[-1].ordinal)[:BATCH_ARRIVALS])


def intakes_to_settle() -> list[Intake]:
    """Intakes in clearing whose every arrival has been examined."""
    return list(
        Intake.objects.filter(state=IntakeState.CLEARING).exclude(arrivals__is_examined=False).order_by("created_at")
    )
