"""Issue, revoke and expire releases."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from confrere.adapters.clock import now
from confrere.apps.audit.actions.record import record
from confrere.apps.clearance.cleared import ClearedStudy
from confrere.apps.release.models import Release, ReleasedInstance, ReleaseState
from confrere.core.lifecycle import RELEASE, move


def issue_release(actor: str, cleared: ClearedStudy, expires_at: datetime | None = None) -> uuid.UUID:
    """Put a cleared study in force for its audience and return the release id.

    A release of the same case to the same audience for the same purpose that is already in force is returned
    instead, so that a repeated step after a crash issues nothing twice.
    """
    with transaction.atomic():
        existing = Release.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=now()),
            case_id=cleared.study.case_id,
            audience_id=cleared.audience_id,
            purpose=cleared.purpose,
            state=ReleaseState.IN_FORCE,
        ).first()
        if existing is not None:
            return existing.id
        release = Release.objects.create(
            case_id=cleared.study.case_id,
            audience_id=cleared.audience_id,
            purpose=cleared.purpose,
            decision=cleared.decision,
            issued_by=actor,
            issued_at=now(),
            expires_at=expires_at,
        )
        ReleasedInstance.objects.bulk_create(
            ReleasedInstance(
                release=release,
                study_instance_uid=one.study_instance_uid,
                series_instance_uid=one.series_instance_uid,
                sop_instance_uid=one.sop_instance_uid,
                sha256=one.sha256,
                object_key=one.object_key,
                facts=one.facts,
            )
            for one in cleared.study.instances
        )
        detail = {
            "case": str(cleared.study.case_id),
            "audience": str(cleared.audience_id),
            "instances": len(cleared.study.instances),
            "purpose": cleared.purpose,
        }
        record(actor, "release.issued", str(release.id), detail)
        return release.id


def _end(actor: str, release: Release, verb: str) -> None:
    """Move a locked release by `verb`; the caller holds the transaction. Raises IllegalMove."""
    step = move(RELEASE, release.state, verb)
    release.state = step.to_state
    release.save(update_fields=["state"])
    record(actor, step.event, str(release.id), {"case": str(release.case_id)})


def end_releases(actor: str, case_id: uuid.UUID, verb: str = "revoke") -> int:
    """Move every release of a case that is in force by `verb`; the window closes with the commit. Returns how many."""
    with transaction.atomic():
        standing = list(Release.objects.select_for_update().filter(case_id=case_id, state=ReleaseState.IN_FORCE))
        for release in standing:
            _end(actor, release, verb)
    return len(standing)


def supersede_releases(actor: str, case_id: uuid.UUID, by: uuid.UUID) -> int:
    """End what is in force of a case for the one release that names all of it now; returns how many gave way."""
    with transaction.atomic():
        standing = Release.objects.select_for_update().filter(case_id=case_id, state=ReleaseState.IN_FORCE)
        older = list(standing.exclude(id=by))
        for release in older:
            _end(actor, release, "supersede")
    return len(older)


def expire_releases(actor: str) -> int:
    """Move every release whose time has passed to expired; the window has closed it already. Returns how many."""
    with transaction.atomic():
        overdue = list(Release.objects.select_for_update().filter(state=ReleaseState.IN_FORCE, expires_at__lte=now()))
        for release in overdue:
            _end(actor, release, "expire")
    return len(overdue)
