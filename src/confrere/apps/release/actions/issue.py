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


def end_releases(actor: str, case_id: uuid.UUID, verb: str = "revoke") -> int:
    """Revoke every release of a case that is in force; the window closes with the commit. Returns how many."""
    ended = 0
    with transaction.atomic():
        for release in Release.objects.select_for_update().filter(case_id=case_id, state=ReleaseState.IN_FORCE):
            step = move(RELEASE, release.state, verb)
            release.state = step.to_state
            release.save(update_fields=["state"])
            record(actor, step.event, str(release.id), {"case": str(case_id)})
            ended += 1
    return ended


def expire_releases(actor: str) -> int:
    """Move every release whose time has passed to expired; the window has closed it already. Returns how many."""
    ended = 0
    overdue = Release.objects.filter(state=ReleaseState.IN_FORCE, expires_at__lte=now())
    for release_id in overdue.values_list("id", flat=True):
        with transaction.atomic():
            release = Release.objects.select_for_update().get(id=release_id)
            if release.state == ReleaseState.IN_FORCE:
                step = move(RELEASE, release.state, "expire")
                release.state = step.to_state
                release.save(update_fields=["state"])
                record(actor, step.event, str(release.id), {"case": str(release.case_id)})
                ended += 1
    return ended
