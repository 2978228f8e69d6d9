"""Rows for the clinical story: Case, Consent, and how far each member has read."""

import uuid

from django.db import models

from confrere.apps.accounts.models import Institution, Member


class CaseState(models.TextChoices):
    """The states of core.lifecycle's case table."""

    DRAFT = "draft"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Case(models.Model):
    """A clinical story around released images; the institution owns it, the author tells it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="cases")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.DRAFT)
    question = models.CharField(max_length=280, blank=True)
    modality = models.CharField(max_length=16, blank=True)
    region = models.CharField(max_length=40, blank=True)
    age_band = models.CharField(max_length=16, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    source = models.CharField(max_length=16, default="dicom")
    image_count = models.PositiveIntegerField(default=0)
    key_image = models.JSONField(default=dict, blank=True)
    comment_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    posted_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        """Show the id; the question is the doctor's words and stays out of logs."""
        return str(self.id)


class Consent(models.Model):
    """What the author says the patient agreed to: purpose, form, giver; the paper itself stays in the hospital."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16)
    form = models.CharField(max_length=8)
    giver = models.CharField(max_length=12, default="patient")
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField(auto_now_add=True)


class ReadingMark(models.Model):
    """When a member last opened a case: what came later is unread."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="marks")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="marks")
    seen_at = models.DateTimeField()

    class Meta:
        """One mark per member and case."""

        constraints = [models.UniqueConstraint(fields=["case", "member"], name="one_mark_per_member")]
