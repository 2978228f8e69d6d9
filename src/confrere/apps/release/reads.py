"""Queries about releases."""

import uuid

from django.db.models import F, OuterRef, Q, Subquery

from confrere.apps.cases.models import Case, CaseState
from confrere.apps.release.models import Release


def drafts_without_release() -> list[uuid.UUID]:
    """Drafts whose author cannot see them yet, or not all of them: more came after the last release was issued."""
    newest = Release.objects.filter(case=OuterRef("id")).order_by("-issued_at").values("issued_at")[:1]
    drafts = Case.objects.filter(state=CaseState.DRAFT).annotate(released_at=Subquery(newest))
    due = drafts.filter(Q(released_at=None) | Q(released_at__lt=F("active_at")))
    return list(due.order_by("created_at").values_list("id", flat=True))
