"""When every arrival of an intake has been examined: judge studies and series as wholes, make the drafts."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from confrere.apps.accounts.actions.notices import tell_member
from confrere.apps.audit.actions.record import record
from confrere.apps.cases.actions.drafts import DraftFacts, extend_draft, open_draft
from confrere.apps.cases.models import Case, CaseState
from confrere.apps.clearance.models import InstanceClearance, SeriesClearance, SeriesState, StudyClearance
from confrere.apps.intake.actions.moves import move_intake
from confrere.apps.intake.models import Door, Intake, IntakeState
from confrere.core.lifecycle import SERIES, move
from confrere.core.terms import Outcome


def _hold(rows: Iterable[InstanceClearance], code: str) -> None:
    for row in rows:
        if row.outcome == Outcome.CLEAN:
            row.outcome, row.reason_code = Outcome.HELD, code
            row.save(update_fields=["outcome", "reason_code"])


def _hold_conflicts(rows: list[InstanceClearance]) -> None:
    """Hold an instance whose UID already stands in the institution with other content; the first stays.

    What was settled before is first, whichever row is older: one that a person approved may have waited for days.
    """
    earlier: dict[str, str] = {}
    known = InstanceClearance.objects.filter(
        institution_id=rows[0].institution_id,
        sop_instance_uid__in={row.sop_instance_uid for row in rows if row.sop_instance_uid},
        outcome=Outcome.CLEAN,
    ).order_by("id")
    ours = {row.id for row in rows}
    for row in sorted(known, key=lambda row: row.id in ours):
        earlier.setdefault(row.sop_instance_uid, row.sha256)
    for row in rows:
        # A text that was read names no instance.
        if row.outcome == Outcome.CLEAN and row.sop_instance_uid and earlier[row.sop_instance_uid] != row.sha256:
            _hold([row], "uid-conflict")


def _hold_mixed_patients(rows: list[InstanceClearance], due: list[InstanceClearance]) -> None:
    studies: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.study_instance_uid:
            studies[row.study_instance_uid].add(row.patient_token)
    mixed = {study for study, patients in studies.items() if len(patients) > 1}
    _hold([row for row in due if row.study_instance_uid in mixed], "more-than-one-patient")


def _series_state(rows: list[InstanceClearance]) -> tuple[str, str]:
    """The verb and reason of a series: it is verified only when every instance of it is clean."""
    for outcome, verb in ((Outcome.HELD, "hold"), (Outcome.REFUSED, "refuse")):
        for row in rows:
            if row.outcome == outcome:
                return verb, row.reason_code
    return "verify", ""


def _settle_series(study: StudyClearance, series_uid: str, rows: list[InstanceClearance], actor: str) -> bool:
    series, _ = SeriesClearance.objects.get_or_create(
        study=study,
        series_instance_uid=series_uid,
        defaults={"modality": str(rows[0].facts.get("modality", ""))[:16]},
    )
    verb, reason_code = _series_state(rows)
    step = move(SERIES, series.state, verb)
    series.state, series.reason_code = step.to_state, reason_code
    series.save(update_fields=["state", "reason_code"])
    InstanceClearance.objects.filter(id__in=[row.id for row in rows]).update(series=series)
    record(actor, step.event, str(series.id), {"instances": len(rows), "reason": reason_code})
    return verb == "verify"


def _draft_facts(intake: Intake, rows: list[InstanceClearance]) -> DraftFacts:
    first = rows[0].facts
    middle = sorted(rows, key=lambda row: (row.series_instance_uid, _number(row)))[len(rows) // 2]
    return DraftFacts(
        modality=str(first.get("modality", "")),
        region=str(first.get("region", "")).title(),
        age_band=str(first.get("age_band", "")),
        sex=str(first.get("sex", "")),
        source="workstation" if intake.door == Door.DICOM_NODE else "upload",
        image_count=sum(_frames(row) for row in rows),
        key_image={
            "study": middle.study_instance_uid,
            "series": middle.series_instance_uid,
            "sop": middle.sop_instance_uid,
            "frame": 1,
        },
    )


def _number(row: InstanceClearance) -> int:
    value = row.facts.get("instance_number")
    return value if isinstance(value, int) else 0


def _frames(row: InstanceClearance) -> int:
    value = row.facts.get("frames")
    return value if isinstance(value, int) else 1


def _part_of(intake: Intake, study_uid: str, patient_token: str) -> StudyClearance:
    """The part of the study that is settled now: the last one, or a new one once that one's draft is a draft no more.

    What still waits moves along, so that it is shown where it will arrive.
    """
    parts = StudyClearance.objects.filter(intake=intake, study_instance_uid=study_uid)
    last = parts.order_by("-part").first()
    # Locked: a draft that is being posted this moment is a draft no more when we go on.
    case = Case.objects.select_for_update().get(id=last.case_id) if last is not None and last.case_id else None
    if last is not None and (case is None or case.state == CaseState.DRAFT):
        return last
    part = StudyClearance.objects.create(
        intake=intake,
        study_instance_uid=study_uid,
        patient_token=patient_token,
        part=0 if last is None else last.part + 1,
    )
    if last is not None:
        last.series.filter(state__in=(SeriesState.HELD, SeriesState.QUARANTINED)).update(study=part)
    return part


def _settle_study(intake: Intake, study_uid: str, rows: list[InstanceClearance], actor: str) -> uuid.UUID | None:
    """Settle one study; returns the draft case it is in when at least one series was verified."""
    study = _part_of(intake, study_uid, rows[0].patient_token)
    by_series: dict[str, list[InstanceClearance]] = defaultdict(list)
    for row in rows:
        by_series[row.series_instance_uid].append(row)
    verified: list[InstanceClearance] = []
    for series_uid, members in by_series.items():
        if _settle_series(study, series_uid, members, actor):
            verified.extend(members)
    if not verified:
        return None
    study.case_id = _draft_of(study, verified, actor)
    study.save(update_fields=["case"])
    return study.case_id


def _draft_of(study: StudyClearance, verified: list[InstanceClearance], actor: str) -> uuid.UUID:
    """The draft this study belongs to: one that its sender has open for the same study already, else a new one.

    A workstation may send one study over several associations at once; to the doctor it is one study.
    """
    intake = study.intake
    parts = StudyClearance.objects.filter(study_instance_uid=study.study_instance_uid, intake__member=intake.member)
    case = (
        Case.objects.select_for_update()
        .filter(id__in=parts.values("case"), state=CaseState.DRAFT, author=intake.member)
        .order_by("created_at")
        .first()
    )
    if case is None:
        return open_draft(actor, intake.member, _draft_facts(intake, _once(verified)))
    earlier = InstanceClearance.objects.filter(
        series__study__case=case, series__state=SeriesState.VERIFIED, outcome=Outcome.CLEAN
    )
    extend_draft(actor, case.id, _draft_facts(intake, _once([*earlier, *verified])))
    return case.id


def _once(rows: list[InstanceClearance]) -> list[InstanceClearance]:
    """Each instance once: a sender may repeat one."""
    return list({row.sop_instance_uid: row for row in reversed(rows)}.values())[::-1]


def settle_intake(actor: str, intake_id: uuid.UUID) -> list[uuid.UUID]:
    """Settle an intake and return the draft cases made or added to; a second time changes nothing and returns none."""
    with transaction.atomic():
        intake = Intake.objects.select_for_update().select_related("member").get(id=intake_id)
        if intake.state != IntakeState.CLEARING or intake.arrivals.filter(is_examined=False).exists():
            return []
        every = InstanceClearance.objects.filter(arrival__intake=intake).select_related("series")
        rows = list(every.order_by("arrival__ordinal", "index"))
        # What was settled before stays as it is; of held series those come again that a person has approved.
        due = [row for row in rows if row.series is None or row.series.state == SeriesState.QUARANTINED]
        if due:
            _hold_mixed_patients(rows, due)
            _hold_conflicts(due)
        by_study: dict[str, list[InstanceClearance]] = defaultdict(list)
        for row in due:
            if row.study_instance_uid:
                by_study[row.study_instance_uid].append(row)
        settled = (_settle_study(intake, uid, members, actor) for uid, members in by_study.items())
        drafts = [case_id for case_id in settled if case_id is not None]
        _end_of_intake(intake, rows, actor)
        tell_member(intake.member_id, "draft" if drafts else "intake", str(drafts[0] if drafts else intake.id))
        return drafts


def _end_of_intake(intake: Intake, rows: list[InstanceClearance], actor: str) -> None:
    held = next((row.reason_code for row in rows if row.outcome == Outcome.HELD), "")
    refused = next((row.reason_code for row in rows if row.outcome == Outcome.REFUSED), "nothing-to-clear")
    if StudyClearance.objects.filter(intake=intake).exclude(case=None).exists():
        move_intake(intake, "clear", actor, held)
    elif held:
        move_intake(intake, "hold", actor, held)
    else:
        move_intake(intake, "refuse", actor, refused)
