"""Write down what a batch found; writing it twice changes nothing."""

import hashlib
import json
import uuid
from collections.abc import Iterable

from django.db import transaction

from confrere.apps.audit.actions.record import record
from confrere.apps.clearance.actions.plan import MAX_ATTEMPTS
from confrere.apps.clearance.actions.propose import keep_proposals
from confrere.apps.clearance.examine import Batch, Examined
from confrere.apps.clearance.models import DeidentificationRecord, InstanceClearance, Proposal, ProposalState
from confrere.apps.intake.models import Arrival, Intake, IntakeState
from confrere.core.terms import Outcome


def digest_of(record: dict[str, object]) -> str:
    """The name of a DeidentificationRecord: the SHA-256 of its text."""
    return hashlib.sha256(json.dumps(record, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def keep_records(records: Iterable[dict[str, object]]) -> None:
    """Keep each record that is new; one that is there already is the same by its digest."""
    distinct = {digest_of(record): record for record in records if record}
    rows = [DeidentificationRecord(digest=digest, content=content) for digest, content in sorted(distinct.items())]
    DeidentificationRecord.objects.bulk_create(rows, ignore_conflicts=True)


def _row(batch: Batch, found: Examined) -> InstanceClearance:
    grouping = found.grouping
    return InstanceClearance(
        arrival_id=found.arrival_id,
        index=found.index,
        institution_id=batch.institution_id,
        outcome=found.outcome,
        reason_code=found.reason,
        study_instance_uid=grouping.get("study", ""),
        series_instance_uid=grouping.get("series", ""),
        sop_instance_uid=grouping.get("sop", ""),
        patient_token=grouping.get("patient", ""),
        sha256=found.sha256,
        object_key=found.object_key,
        facts={**found.facts, **{key: grouping.get(key, "") for key in ("modality", "region", "age_band", "sex")}},
        record_id=digest_of(found.record) if found.record else None,
    )


ENGINE_MISSING = "pixel-engine-missing"
_ENDS = ("outcome", "reason_code", "sha256", "object_key", "facts", "record_id")


def _keep_rows(batch: Batch, found: Iterable[Examined]) -> None:
    """Write how each instance ended; of one that is known only what was held and answered is written anew."""
    ours = list(found)
    known = {
        (row.arrival_id, row.index): row
        for row in InstanceClearance.objects.filter(arrival_id__in={one.arrival_id for one in ours})
    }
    made = InstanceClearance.objects.bulk_create(
        [_row(batch, one) for one in ours if (one.arrival_id, one.index) not in known]
    )
    rows = {(row.arrival_id, row.index): row for row in made}
    for one in ours:
        row = known.get((one.arrival_id, one.index))
        if row is not None and row.outcome == Outcome.HELD:
            _write_again(row, _row(batch, one))
            rows[(one.arrival_id, one.index)] = row
    proposals = Proposal.objects.filter(instance__in=rows.values())
    proposals.update(state=ProposalState.DONE)
    # The word was good and the server was not: it can be given again once the network is back.
    proposals.filter(instance__reason_code=ENGINE_MISSING).update(state=ProposalState.OPEN)
    asked = [((one.arrival_id, one.index), one.proposal) for one in ours if one.proposal]
    keep_proposals(batch.institution_id, [(rows[at], proposal) for at, proposal in asked if at in rows])


def _write_again(row: InstanceClearance, newer: InstanceClearance) -> None:
    for name in _ENDS:
        if name != "facts" or newer.outcome == Outcome.CLEAN:
            setattr(row, name, getattr(newer, name))
    row.save()


def _more_is_due(arrival_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """The arrivals of which a person has approved more while the work was done."""
    answered = Proposal.objects.filter(state=ProposalState.ANSWERED, instance__arrival__in=arrival_ids)
    return set(answered.values_list("instance__arrival_id", flat=True))


def keep_examined(actor: str, batch: Batch, found: tuple[Examined, ...]) -> None:
    """Store how each instance of the batch ended and mark the arrivals it tells of examined, in one transaction."""
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(id=batch.intake_id)
        if intake.state != IntakeState.CLEARING:
            return
        told = {one.arrival_id for one in found}
        arrivals = Arrival.objects.filter(
            id__in=[ref.arrival_id for ref in batch.arrivals if ref.arrival_id in told], is_examined=False
        )
        open_ids = set(arrivals.values_list("id", flat=True))
        ours = [one for one in found if one.arrival_id in open_ids]
        keep_records(one.record for one in ours)
        _keep_rows(batch, ours)
        arrivals.exclude(id__in=_more_is_due(open_ids)).update(is_examined=True)
        clean = sum(1 for one in found if one.outcome == Outcome.CLEAN)
        record(actor, "batch.examined", str(intake.id), {"instances": len(found), "clean": clean})


def note_failure(actor: str, batch: Batch, kind: str) -> None:
    """Count a failed try; the third holds what is left of the batch, so that a poison file stops nothing else.

    `kind` is the name of the fault's type, never its message.
    """
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(id=batch.intake_id)
        if intake.state != IntakeState.CLEARING:
            return
        intake.attempts += 1
        intake.save(update_fields=["attempts"])
        record(actor, "batch.failed", str(intake.id), {"attempt": intake.attempts, "fault": kind})
        if intake.attempts < MAX_ATTEMPTS:
            return
    held = tuple(
        Examined(ref.arrival_id, index, Outcome.HELD, "clearance-failed")
        for ref in batch.arrivals
        for index in [one.index for one in ref.approved] or [0]
    )
    keep_examined(actor, batch, held)
