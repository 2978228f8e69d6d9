"""The window: what a member may see now, asked anew at every request.

INVARIANT: nothing is served unless a Release in force names its SHA-256 for an audience the member stands in, and
the bytes read are those bytes.
"""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet

from confrere.adapters.clock import now
from confrere.adapters.objects import ObjectStore
from confrere.apps.release.models import Release, ReleasedInstance, ReleaseState
from confrere.core.terms import Broken


@dataclass(frozen=True, slots=True)
class Pane:
    """One instance a member may see now."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sha256: str
    object_key: str
    facts: dict[str, object]


@cache
def store() -> ObjectStore:
    """The object store of cleared instances and previews."""
    return ObjectStore.open(settings.CONFIGURATION.objects)


def _in_force(member_id: uuid.UUID) -> Q:
    return Q(
        release__state=ReleaseState.IN_FORCE,
        release__audience__places__member_id=member_id,
        release__audience__places__member__is_active=True,
    ) & (Q(release__expires_at=None) | Q(release__expires_at__gt=now()))


def _panes(rows: QuerySet[ReleasedInstance]) -> list[Pane]:
    once: dict[str, Pane] = {}
    for row in rows:
        once.setdefault(
            row.sop_instance_uid,
            Pane(
                row.study_instance_uid,
                row.series_instance_uid,
                row.sop_instance_uid,
                row.sha256,
                row.object_key,
                row.facts,
            ),
        )
    return list(once.values())


def instance(member_id: uuid.UUID, study: str, series: str, sop: str) -> Pane | None:
    """The instance under these UIDs if the member may see it now, else None."""
    rows = ReleasedInstance.objects.filter(
        _in_force(member_id), study_instance_uid=study, series_instance_uid=series, sop_instance_uid=sop
    )
    return next(iter(_panes(rows[:1])), None)


def series_of(member_id: uuid.UUID, study: str, series: str) -> list[Pane]:
    """The instances of a series the member may see now; empty when none."""
    return _panes(
        ReleasedInstance.objects.filter(
            _in_force(member_id), study_instance_uid=study, series_instance_uid=series
        ).order_by("id")
    )


def case_instances(member_id: uuid.UUID, case_id: uuid.UUID) -> list[Pane]:
    """The instances of a case the member may see now; empty when none."""
    return _panes(ReleasedInstance.objects.filter(_in_force(member_id), release__case_id=case_id).order_by("id"))


def may_see_case(member_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    """Whether a release of the case is in force for the member now."""
    return ReleasedInstance.objects.filter(_in_force(member_id), release__case_id=case_id).exists()


def audiences_of_case(case_id: uuid.UUID) -> list[uuid.UUID]:
    """The audiences that have a release of the case in force."""
    return list(
        Release.objects.filter(case_id=case_id, state=ReleaseState.IN_FORCE)
        .values_list("audience_id", flat=True)
        .distinct()
    )


def read(pane: Pane) -> bytes:
    """The bytes of a pane; raises Broken when what is stored is not what was released (a flipped bit)."""
    content = store().get(pane.object_key)
    if hashlib.sha256(content).hexdigest() != pane.sha256:
        raise Broken("a released object does not match its SHA-256", retryable=False)
    return content
