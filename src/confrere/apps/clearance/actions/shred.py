"""Destroy originals and desk sheets: the keys first, then the ciphertext; after that nothing can bring them back."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from confrere.adapters.clock import now
from confrere.apps.audit.actions.record import record
from confrere.apps.clearance.desk_store import desk_sheets
from confrere.apps.clearance.models import InstanceClearance, Proposal, SeriesClearance, SeriesState
from confrere.apps.intake.actions.moves import move_intake
from confrere.apps.intake.models import Intake, IntakeState, Segment
from confrere.apps.intake.quarantine import keybox, quarantine
from confrere.core.lifecycle import SERIES, move
from confrere.core.terms import Outcome

WITHOUT_ORIGINALS = (IntakeState.ENDED, IntakeState.EXPIRED, IntakeState.ABANDONED)


def end_settled(actor: str) -> int:
    """End every settled intake of which nothing is held; returns how many."""
    ended = 0
    states = (IntakeState.READY, IntakeState.REFUSED)
    held = InstanceClearance.objects.filter(outcome=Outcome.HELD).values("arrival__intake")
    for intake_id in Intake.objects.filter(state__in=states).exclude(id__in=held).values_list("id", flat=True):
        with transaction.atomic():
            intake = Intake.objects.select_for_update().get(id=intake_id)
            move_intake(intake, "end", actor, intake.reason_code)
            ended += 1
    return ended


def expire_overdue(actor: str) -> int:
    """Expire what has been held longer than the institution's limit; returns how many."""
    limit = now() - timedelta(days=settings.CONFIGURATION.quarantine_days)
    overdue = Intake.objects.filter(state__in=(IntakeState.HELD, IntakeState.READY), created_at__lt=limit)
    expired = 0
    for intake_id in overdue.values_list("id", flat=True):
        with transaction.atomic():
            intake = Intake.objects.select_for_update().get(id=intake_id)
            verb = "expire" if intake.state == IntakeState.HELD else "end"
            _expire_series(intake, actor)
            move_intake(intake, verb, actor, "quarantine-limit")
            expired += 1
    return expired


def _expire_series(intake: Intake, actor: str) -> None:
    for series in SeriesClearance.objects.filter(study__intake=intake, state=SeriesState.HELD):
        step = move(SERIES, series.state, "expire")
        series.state = step.to_state
        series.save(update_fields=["state"])
        record(actor, step.event, str(series.id))


def discard_held(actor: str, intake_id: uuid.UUID) -> None:
    """Let the sender give up what is held: its originals are destroyed with the next shredding."""
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(id=intake_id)
        if intake.state in (IntakeState.HELD, IntakeState.READY):
            _expire_series(intake, actor)
            verb = "discard" if intake.state == IntakeState.HELD else "end"
            move_intake(intake, verb, actor, intake.reason_code)


def shred_ended(actor: str) -> int:
    """Destroy key and ciphertext of every intake that has ended; returns how many were shredded."""
    shredded = 0
    for intake in Intake.objects.filter(state__in=WITHOUT_ORIGINALS, shredded_at=None):
        # Key first: a crash between the two leaves ciphertext nobody can open, never an open original.
        keybox().destroy(str(intake.id))
        quarantine().drop(str(intake.id))
        desk_sheets().drop(str(intake.id))
        with transaction.atomic():
            Segment.objects.filter(arrival__intake=intake).delete()
            Proposal.objects.filter(instance__arrival__intake=intake).update(sheet_key="")
            Intake.objects.filter(id=intake.id).update(shredded_at=now())
            record(actor, "intake.shredded", str(intake.id))
        shredded += 1
    return shredded
