"""Ask for the look at heads, write down what it found, let the author choose single slices."""

import uuid
from collections.abc import Container, Iterable, Iterator

from django.conf import settings
from django.db import transaction

from confrere.adapters.objects import ObjectStore
from confrere.apps.accounts.actions.notices import tell_member
from confrere.apps.accounts.models import Member
from confrere.apps.audit.actions.record import record
from confrere.apps.cases.models import CaseState
from confrere.apps.clearance.actions.keep import digest_of, keep_records
from confrere.apps.clearance.actions.plan import MAX_ATTEMPTS
from confrere.apps.clearance.cleared import VerifiedInstance, VerifiedStudy
from confrere.apps.clearance.face_free import SeriesBytes, frames_of, may_show_face
from confrere.apps.clearance.heads import STOPPED, HeadDone, HeadInstance, HeadJob, Shown, strip_key
from confrere.apps.clearance.jailed_heads import Fate
from confrere.apps.clearance.models import DeidentificationRecord, FaceFree, HeadLook, HeadState, InstanceClearance
from confrere.apps.clearance.reads import verified_study
from confrere.core.deidentify.features import CLEAN_FEATURES
from confrere.core.lifecycle import HEAD, move
from confrere.core.pixels.heads.volume import FEWEST_SLICES
from confrere.core.terms import REASONS, Outcome

PLANES = "planes"
CHOSEN = "head-slices-chosen"
LOOK_FAILED = frozenset({STOPPED, "pixel-engine-missing"})
"""Reasons that say something of the server, not of the head."""
_SHOWN = (HeadState.DUE, HeadState.DONE, HeadState.HELD)


def ask_for_heads(actor: str, study: VerifiedStudy) -> None:
    """Make a look due for each series of a case that may show a face and was not looked at as it is now.

    Asking twice changes nothing. The caller holds the transaction.
    """
    for series in may_show_face(study):
        looks = HeadLook.objects.select_for_update().filter(
            case_id=study.case_id, series_instance_uid=series.series_instance_uid
        )
        if looks.filter(fingerprint=series.fingerprint).exists():
            continue
        for older in looks.exclude(state=HeadState.OUTGROWN):
            _move(actor, older, "outgrow")
        _new_look(actor, study.case_id, series)


def _new_look(actor: str, case_id: uuid.UUID, series: SeriesBytes) -> None:
    images = sum(frames_of(one) for one in series.instances)
    look = HeadLook.objects.create(
        case_id=case_id,
        series_instance_uid=series.series_instance_uid,
        fingerprint=series.fingerprint,
        modality=str(series.instances[0].facts.get("modality", ""))[:16],
        images=images,
    )
    record(actor, "head.asked", str(look.id), {"case": str(case_id), "instances": len(series.instances)})
    if images < FEWEST_SLICES:
        # No surface can be computed of so few: whether there are more of them in the case is asked when it is posted.
        look.outcome, look.loose = PLANES, [one.sop_instance_uid for one in series.instances]
        _move(actor, look, "clear")


def _move(actor: str, look: HeadLook, verb: str) -> None:
    """Move a locked look by `verb` and save it; the caller holds the transaction. Raises IllegalMove."""
    step = move(HEAD, look.state, verb)
    look.state = step.to_state
    look.save()
    record(actor, step.event, str(look.id), {"case": str(look.case_id), "reason": look.reason_code})


def heads_due(busy: Container[uuid.UUID] = ()) -> Iterator[HeadJob]:
    """The looks that drafts wait for, oldest draft first, each as a unit of work; those in `busy` are left out."""
    due = HeadLook.objects.filter(state=HeadState.DUE, case__state=CaseState.DRAFT).order_by("case__created_at", "id")
    for look in due.select_related("case"):
        series = _bytes_of(look) if look.id not in busy else None
        if series is not None:
            yield HeadJob(
                look_id=look.id,
                institution_id=look.case.institution_id,
                modality=look.modality,
                seed=int(look.fingerprint[:8], 16),
                instances=tuple(_instance(one) for one in sorted(series.instances, key=_in_order)),
                objects_url=settings.CONFIGURATION.objects,
            )


def _bytes_of(look: HeadLook) -> SeriesBytes | None:
    """What the look is about, None when the series has grown since: then another look is asked for."""
    series = may_show_face(verified_study(look.case_id))
    return next((one for one in series if one.fingerprint == look.fingerprint), None)


def _in_order(one: VerifiedInstance) -> tuple[int, str]:
    number = one.facts.get("instance_number")
    return number if isinstance(number, int) else 0, one.sop_instance_uid


def _instance(one: VerifiedInstance) -> HeadInstance:
    rows, columns = (side if isinstance(side, int) else 0 for side in (one.facts.get("rows"), one.facts.get("columns")))
    return HeadInstance(one.sop_instance_uid, one.sha256, one.object_key, rows * columns * frames_of(one))


def keep_head(actor: str, job: HeadJob, done: HeadDone) -> None:
    """Write down what a look found, once: a look that is due no more is left as it is."""
    with transaction.atomic():
        look = HeadLook.objects.select_for_update().select_related("case").get(id=job.look_id)
        if look.state != HeadState.DUE:
            return
        code = done.reason if done.reason in REASONS else STOPPED
        look.outcome, look.strips = done.outcome, list(done.strips)
        look.reason_code = code if done.held or done.reason else ""
        look.loose = [one.sop_instance_uid for one in done.shown if one.fate is Fate.LOOSE and not done.held]
        if done.held:
            look.proposed = [one.sop_instance_uid for one in done.shown if one.fate is Fate.SAME]
        else:
            _keep_shown(look, done.shown)
        _move(actor, look, "hold" if done.held else "clear")
        tell_member(look.case.author_id, "head", str(look.case_id))


def _keep_shown(look: HeadLook, shown: Iterable[Shown]) -> None:
    changed = [one for one in shown if one.fate in (Fate.NEW, Fate.OUT)]
    records = _records(look, [one for one in changed if one.fate is Fate.NEW])
    FaceFree.objects.bulk_create(
        FaceFree(
            look=look,
            sop_instance_uid=one.sop_instance_uid,
            instead_of=one.instead_of,
            sha256=one.sha256,
            object_key=one.object_key,
            facts=one.facts or {},
            record_id=records.get(one.instead_of),
        )
        for one in changed
    )


def _records(look: HeadLook, new: Iterable[Shown]) -> dict[str, str]:
    """For each original the record of what stands in for it: what was done to it, and that the face was cut off."""
    originals = InstanceClearance.objects.filter(
        series__study__case_id=look.case_id, outcome=Outcome.CLEAN, sha256__in={one.instead_of for one in new}
    ).exclude(record=None)
    named = dict(originals.values_list("sha256", "record_id"))
    told = {}
    for row in DeidentificationRecord.objects.filter(digest__in=set(named.values())):
        codes = sorted({*row.content.get("codes", []), CLEAN_FEATURES})
        told[row.digest] = {**row.content, "codes": codes, "features": {"face": "cut off", "checked": "seven views"}}
    keep_records(told.values())
    return {sha256: digest_of(told[digest]) for sha256, digest in named.items()}


def note_head_failure(actor: str, job: HeadJob, kind: str) -> None:
    """Count a failed try; the third holds the series. `kind` is the name of the fault's type, never its message."""
    with transaction.atomic():
        look = HeadLook.objects.select_for_update().get(id=job.look_id)
        if look.state != HeadState.DUE:
            return
        look.attempts += 1
        look.save(update_fields=["attempts"])
        record(actor, "head.failed", str(look.id), {"attempt": look.attempts, "fault": kind})
        if look.attempts < MAX_ATTEMPTS:
            return
    keep_head(actor, job, HeadDone(held=True, reason=STOPPED))


def forget_strips(actor: str) -> int:
    """Destroy the renderings of looks that no draft shows any more: one of them is a face. Returns of how many."""
    gone = HeadLook.objects.exclude(strips=[]).exclude(state__in=_SHOWN, case__state=CaseState.DRAFT)
    forgotten = 0
    for look in gone:
        # Opened only for what is there: the conveyor asks several times a second, and mostly there is nothing.
        ObjectStore.open(settings.CONFIGURATION.objects).delete_all([strip_key(look.id, name) for name in look.strips])
        with transaction.atomic():
            HeadLook.objects.filter(id=look.id).update(strips=[])
            record(actor, "head.renderings_destroyed", str(look.id))
        forgotten += 1
    return forgotten


def look_again(author: Member, look_id: uuid.UUID) -> bool:
    """Let the author ask once more for a look that failed itself; False when no draft of hers has such a look."""
    with transaction.atomic():
        look = _held_of(author, look_id)
        if look is None or look.reason_code not in LOOK_FAILED:
            return False
        look.attempts, look.reason_code = 0, ""
        _move(str(author.id), look, "look_again")
        return True


def _held_of(author: Member, look_id: uuid.UUID) -> HeadLook | None:
    """The held look of a draft of the author's own, locked."""
    looks = HeadLook.objects.select_for_update().filter(id=look_id, state=HeadState.HELD)
    return looks.filter(case__author=author, case__state=CaseState.DRAFT).first()


def choose_slices(author: Member, look_id: uuid.UUID) -> bool:
    """Let the author hand on the single slices that were proposed of a head nothing else can be done with.

    False when there is no such look of a draft of hers.
    """
    with transaction.atomic():
        look = _held_of(author, look_id)
        if look is None or not look.proposed:
            return False
        series = _bytes_of(look)
        if series is None:
            return False
        FaceFree.objects.bulk_create(
            FaceFree(look=look, sop_instance_uid=one.sop_instance_uid, instead_of=one.sha256)
            for one in series.instances
            if one.sop_instance_uid not in look.proposed
        )
        look.outcome, look.reason_code, look.chosen_by = "slices", CHOSEN, author
        _move(str(author.id), look, "choose")
        return True
