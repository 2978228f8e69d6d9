"""Rows of the release window: what is in force, for whom, and which bytes it names."""

import uuid

from django.db import models

from confrere.apps.accounts.models import Audience
from confrere.apps.cases.models import Case


class ReleaseState(models.TextChoices):
    """The states of core.lifecycle's release table."""

    IN_FORCE = "in_force"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Release(models.Model):
    """A cleared, immutable set of instances for a named audience and purpose; only `state` may change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="releases")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="releases")
    purpose = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=ReleaseState.choices, default=ReleaseState.IN_FORCE)
    decision = models.JSONField(default=dict)
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        """The window asks for what is in force for an audience."""

        indexes = [models.Index(fields=["audience", "state"], name="release_in_force")]


class ReleasedInstance(models.Model):
    """One instance a release names: its new UIDs, the SHA-256 of its bytes, and where they lie."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="instances")
    study_instance_uid = models.CharField(max_length=64)
    series_instance_uid = models.CharField(max_length=64)
    sop_instance_uid = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    object_key = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)

    class Meta:
        """Looked up by UID at every request."""

        constraints = [
            models.UniqueConstraint(fields=["release", "sop_instance_uid"], name="instance_once_per_release")
        ]
        indexes = [
            models.Index(fields=["sop_instance_uid"], name="released_by_sop"),
            models.Index(fields=["series_instance_uid"], name="released_by_series"),
        ]
