"""Rows for what clearance found: each instance's end, each series', each study's, and who runs the conveyor."""

import uuid

from django.db import models

from confrere.apps.accounts.models import Institution, Member
from confrere.apps.cases.models import Case
from confrere.apps.intake.models import Arrival, Intake


class SeriesState(models.TextChoices):
    """The states of core.lifecycle's series table."""

    QUARANTINED = "quarantined"
    VERIFIED = "verified"
    HELD = "held"
    REFUSED = "refused"
    RELEASED = "released"
    DISCARDED = "discarded"
    EXPIRED = "expired"


class StudyClearance(models.Model):
    """One study of one intake under its new UID, and the draft case made of it.

    What a person approved after the draft was posted or thrown away is a `part` of its own, with a draft of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="studies")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="studies")
    study_instance_uid = models.CharField(max_length=64)
    part = models.PositiveSmallIntegerField(default=0)
    patient_token = models.CharField(max_length=64)

    class Meta:
        """A part of a study stands once in an intake."""

        constraints = [
            models.UniqueConstraint(fields=["intake", "study_instance_uid", "part"], name="study_part_once_per_intake")
        ]


class SeriesClearance(models.Model):
    """One series of a study: verified, held or refused as a whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(StudyClearance, on_delete=models.CASCADE, related_name="series")
    series_instance_uid = models.CharField(max_length=64)
    modality = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=12, choices=SeriesState.choices, default=SeriesState.QUARANTINED)
    reason_code = models.CharField(max_length=40, blank=True)

    class Meta:
        """A series stands once in a study."""

        constraints = [models.UniqueConstraint(fields=["study", "series_instance_uid"], name="series_once_per_study")]


class DeidentificationRecord(models.Model):
    """What was done to an instance, by tag and count, never a value.

    Instances of a series share one: a record is kept once under the SHA-256 of its text, however many it tells of, so
    that ten million instances cost a key each and not a page each.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.JSONField()


class InstanceClearance(models.Model):
    """How one instance of one arrival ended; a clean one names its object by content.

    `facts` are the clinical facts of the cleaned instance; a clean one has a DeidentificationRecord.
    """

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="instances")
    index = models.PositiveIntegerField(default=0)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE)
    series = models.ForeignKey(SeriesClearance, on_delete=models.CASCADE, null=True, related_name="instances")
    outcome = models.CharField(max_length=8)
    reason_code = models.CharField(max_length=40, blank=True)
    study_instance_uid = models.CharField(max_length=64, blank=True)
    series_instance_uid = models.CharField(max_length=64, blank=True)
    sop_instance_uid = models.CharField(max_length=64, blank=True, db_index=True)
    patient_token = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    object_key = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    record = models.ForeignKey(DeidentificationRecord, on_delete=models.PROTECT, null=True, related_name="instances")

    class Meta:
        """An instance of an arrival ends once, however often the work is repeated."""

        constraints = [models.UniqueConstraint(fields=["arrival", "index"], name="instance_ends_once")]


class ProposalState(models.TextChoices):
    """Whether a person is asked (open), has answered and the conveyor is to act (answered), or all is done."""

    OPEN = "open"
    ANSWERED = "answered"
    DONE = "done"


class Proposal(models.Model):
    """What a person is asked at the clearance desk about one held instance: the boxes, and the sheet to see them on.

    `regions` and `kept` are lists of numbers and words (see regions_told), no value of the instance; `pictures` are the
    frames on the sheet, `device` is a keyed name. The sheet lies sealed under `sheet_key` and ends with the originals.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.OneToOneField(InstanceClearance, on_delete=models.CASCADE, related_name="proposal")
    regions = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    tier = models.CharField(max_length=16, blank=True)
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    frames = models.PositiveIntegerField()
    pictures = models.JSONField(default=list)
    device = models.CharField(max_length=64, blank=True, db_index=True)
    has_device_mask = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN)
    sheet_key = models.CharField(max_length=200)


class Approval(models.Model):
    """A person's word on one instance: what to mask, what she saw and left. Rows are only added; the newest counts."""

    instance = models.ForeignKey(InstanceClearance, on_delete=models.CASCADE, related_name="approvals")
    regions = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="approvals")
    at = models.DateTimeField()
    rule = models.CharField(max_length=64, blank=True)


class DeviceMask(models.Model):
    """What a person asked to be masked, and marks she left, on every picture of one device and size.

    A proposal for the next picture, never more.

    `device` is a keyed hash of manufacturer, model, rows and columns: a header may say anything, a name too.
    """

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="device_masks")
    device = models.CharField(max_length=64)
    boxes = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    approved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="device_masks")
    at = models.DateTimeField()

    class Meta:
        """One mask for a device; a newer word replaces it."""

        constraints = [models.UniqueConstraint(fields=["institution", "device"], name="one_mask_per_device")]


class HeadState(models.TextChoices):
    """The states of core.lifecycle's head table."""

    DUE = "due"
    DONE = "done"
    HELD = "held"
    OUTGROWN = "outgrown"


class HeadLook(models.Model):
    """What was found of one series of a case that may show a face, and what of it others than the author may see.

    `fingerprint` names the very bytes that were looked at: a series that came in several sendings is one, and one that
    grew is looked at anew. `outcome` says what a look that is done means: `other` (no head), `planes` (too few slices
    for a surface), `cut` or `slices`. `loose` and `proposed` are SOP Instance UIDs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="heads")
    series_instance_uid = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    modality = models.CharField(max_length=16, blank=True)
    images = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=HeadState.choices, default=HeadState.DUE, db_index=True)
    outcome = models.CharField(max_length=8, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    loose = models.JSONField(default=list)
    proposed = models.JSONField(default=list)
    strips = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    chosen_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="heads_chosen")

    class Meta:
        """The same bytes are looked at once."""

        constraints = [
            models.UniqueConstraint(
                fields=["case", "series_instance_uid", "fingerprint"], name="same_bytes_looked_at_once"
            )
        ]


class FaceFree(models.Model):
    """An instance of a head as others see it: other bytes under the same UIDs, or, with no `sha256`, not at all."""

    look = models.ForeignKey(HeadLook, on_delete=models.CASCADE, related_name="face_free")
    sop_instance_uid = models.CharField(max_length=64)
    instead_of = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)
    object_key = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    record = models.ForeignKey(DeidentificationRecord, on_delete=models.PROTECT, null=True, related_name="face_free")

    class Meta:
        """An instance stands once in a look."""

        constraints = [models.UniqueConstraint(fields=["look", "sop_instance_uid"], name="face_free_once_per_look")]


class ConveyorLease(models.Model):
    """The one row that says which process is the conveyor now."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    holder = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
