"""Queries about releases."""

import uuid

from confrere.apps.cases.models import Case, CaseState


def drafts_without_release() -> list[uuid.UUID]:
    """Drafts whose author cannot see them yet."""
    return list(
        Case.objects.filter(state=CaseState.DRAFT, releases=None).order_by("created_at").values_list("id", flat=True)
    )
