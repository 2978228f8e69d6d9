"""Tell open pages that something changed."""

import uuid

from confrere.apps.accounts.models import Notice


def tell_audience(audience_id: uuid.UUID, kind: str, subject: str) -> None:
    """Leave a notice for everyone in the audience; `subject` is one of our own identifiers."""
    Notice.objects.create(audience_id=audience_id, kind=kind, subject=subject)


def tell_member(member_id: uuid.UUID, kind: str, subject: str) -> None:
    """Leave a notice for one member."""
    Notice.objects.create(member_id=member_id, kind=kind, subject=subject)
