"""Rows for what arrives: the Intake, its arrivals, their sealed segments, and the DICOM peers allowed to send."""

import uuid

from django.db import models

from confrere.apps.accounts.models import Institution, Member


class IntakeState(models.TextChoices):
    """The states of core.lifecycle's intake table."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    CLEARING = "clearing"
    READY = "ready"
    HELD = "held"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    ENDED = "ended"


class Door(models.TextChoices):
    """The ways in."""

    UPLOAD = "upload", "Browser upload"
    DICOM_NODE = "dicom_node", "DICOM node"
    COMMAND_LINE = "command_line", "Command line"


class DicomPeer(models.Model):
    """A device that may send by C-STORE: its AE title, where it may call from, and whose drafts it makes."""

    ae_title = models.CharField(max_length=16, unique=True)
    networks = models.JSONField(default=list)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="peers")
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="peers")
    max_associations = models.PositiveSmallIntegerField(default=4)
    is_active = models.BooleanField(default=True)


class Intake(models.Model):
    """One arrival through one door; its original bytes live sealed until it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="intakes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="intakes")
    door = models.CharField(max_length=16, choices=Door.choices)
    state = models.CharField(max_length=12, choices=IntakeState.choices, default=IntakeState.RECEIVING, db_index=True)
    reason_code = models.CharField(max_length=40, blank=True)
    public_key = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    shredded_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        """Show the id."""
        return str(self.id)


class Arrival(models.Model):
    """One file or one C-STORE instance of an intake; the sender's file name is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="arrivals")
    ordinal = models.PositiveIntegerField(default=0)
    suffix = models.CharField(max_length=12, blank=True)
    declared_size = models.PositiveBigIntegerField(null=True)
    received_size = models.PositiveBigIntegerField(default=0)
    is_complete = models.BooleanField(default=False)
    is_examined = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)


class Segment(models.Model):
    """A run of an arrival's bytes, sealed under the intake's key and already fsynced."""

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="segments")
    offset = models.PositiveBigIntegerField()
    length = models.PositiveBigIntegerField()
    object_key = models.CharField(max_length=200)

    class Meta:
        """Segments follow one another without a gap; one at each offset."""

        ordering = ("offset",)
        constraints = [models.UniqueConstraint(fields=["arrival", "offset"], name="one_segment_per_offset")]
