"""Queries about clearance, answered as frozen views."""

import uuid
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from confrere.apps.clearance.cleared import VerifiedInstance, VerifiedStudy
from confrere.apps.clearance.models import (
    DeidentificationRecord,
    InstanceClearance,
    SeriesClearance,
    SeriesState,
    StudyClearance,
)
from confrere.core.terms import REASONS, Outcome, Reason


def verified_study(case_id: uuid.UUID) -> VerifiedStudy:
    """The verified instances of a case, each UID once.

    Raises StudyClearance.DoesNotExist when the case has no study.
    """
    studies = list(StudyClearance.objects.select_related("intake").filter(case_id=case_id))
    if not studies:
        raise StudyClearance.DoesNotExist
    rows = InstanceClearance.objects.filter(
        series__study__in=studies,
        series__state__in=(SeriesState.VERIFIED, SeriesState.RELEASED),
        outcome=Outcome.CLEAN,
    ).order_by("series_instance_uid", "id")
    once = {row.sop_instance_uid: row for row in reversed(rows)}
    return VerifiedStudy(
        case_id=case_id,
        institution_id=studies[0].intake.institution_id,
        instances=tuple(
            VerifiedInstance(
                row.study_instance_uid,
                row.series_instance_uid,
                row.sop_instance_uid,
                row.sha256,
                row.object_key,
                row.facts,
            )
            for row in reversed(once.values())
        ),
    )


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series as its sender sees it."""

    modality: str
    state: str
    images: int
    reason: Reason | None


def series_of_case(case_id: uuid.UUID) -> list[SeriesView]:
    """Every series of the case's study with its state, held ones included; parts that came apart count as one."""
    parts = SeriesClearance.objects.filter(study__case_id=case_id).order_by("modality", "series_instance_uid", "state")
    whole = parts.values_list("modality", "series_instance_uid", "state", "reason_code")
    counted = whole.annotate(images=Count("instances__sop_instance_uid", distinct=True))
    return [SeriesView(modality, state, images, REASONS.get(code)) for modality, _, state, code, images in counted]


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Files of the same sending that could not be grouped with any series: how many, and why."""

    files: int
    reason: Reason


def turned_away_with(case_id: uuid.UUID) -> list[TurnedAway]:
    """What came with a case and is in none of its series, so that nothing goes missing without a word."""
    rows = InstanceClearance.objects.filter(
        arrival__intake__studies__case_id=case_id, series=None, reason_code__in=list(REASONS)
    )
    counted = Counter(rows.values_list("reason_code", flat=True))
    return [TurnedAway(files, REASONS[code]) for code, files in sorted(counted.items())]


@dataclass(frozen=True, slots=True)
class RemovedSummary:
    """What de-identification did to a case: counts per action code, and the standard's edition.

    `looked_at` counts the image files whose pixels a person approved, `masked` the boxes taken out of them.
    """

    instances: int
    edition: str
    actions: dict[str, int]
    looked_at: int = 0
    masked: int = 0


def removed_from(case_id: uuid.UUID) -> RemovedSummary:
    """Sum up the DeidentificationRecords of a case; tags and counts, never a value."""
    rows = InstanceClearance.objects.filter(series__study__case_id=case_id, outcome=Outcome.CLEAN)
    actions: Counter[str] = Counter()
    edition, count, looked_at, masked = "", 0, 0, 0
    counted = dict(rows.exclude(record=None).values_list("record").annotate(Count("id")).order_by())
    for digest, record in DeidentificationRecord.objects.filter(digest__in=counted).values_list("digest", "content"):
        instances = counted[digest]
        count += instances
        edition = str(record.get("edition") or edition)
        if "approval" in record:
            looked_at += instances
            masked += sum(record["approval"].get("regions", {}).values()) * instances
        for done in record.get("actions", {}).values():
            actions.update({action: times * instances for action, times in done.items()})
        # What default-deny took out has a reason instead of a row in the table.
        actions["X"] += sum(record.get("removed", {}).values()) * instances
    return RemovedSummary(count, edition, dict(actions), looked_at, masked)


@dataclass(frozen=True, slots=True)
class ArrivalEnd:
    """How one arrived file ended as a whole; the command line tells this for each file."""

    outcome: Outcome
    reason: str


def end_of_intake(intake_id: uuid.UUID) -> ArrivalEnd:
    """How an intake ended: held when anything is held, clean when anything is clean, else refused."""
    rows = InstanceClearance.objects.filter(arrival__intake_id=intake_id).order_by("arrival__ordinal", "index")
    ends = [(row.outcome, row.reason_code) for row in rows]
    for wanted in (Outcome.HELD, Outcome.CLEAN, Outcome.REFUSED):
        for outcome, reason_code in ends:
            if outcome == wanted:
                return ArrivalEnd(wanted, reason_code)
    return ArrivalEnd(Outcome.REFUSED, "nothing-to-clear")
