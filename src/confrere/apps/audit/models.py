"""Rows of the ledger: a hash chain in which each line seals the one before."""

from django.db import models


class LedgerHead(models.Model):
    """The one row that serialises writers: holds the newest hash. Locked by every write."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        """One row only."""

        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_one_head")]


class LedgerEntry(models.Model):
    """One line: who did what to which of our own identifiers, when; never a DICOM value.

    INVARIANT: `digest` = SHA-256 over the canonical JSON of the line and the digest before it.
    Database triggers refuse UPDATE and DELETE (migration 0002).
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    event = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=80, db_index=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        """Show the place in the chain and the event."""
        return f"{self.sequence} {self.event}"
