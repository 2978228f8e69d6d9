"""Rows for the discussion of a case: comments, replies, and pins on a slice."""

import uuid

from django.db import models

from confrere.apps.accounts.models import Member
from confrere.apps.cases.models import Case


class Comment(models.Model):
    """One contribution to a case; with a pin it is anchored to instance, frame, point and window.

    `pin_x` and `pin_y` are in image pixels (column, row), zero at the outer edge of the first pixel.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)
    pin_sop_instance_uid = models.CharField(max_length=64, blank=True)
    pin_frame = models.PositiveIntegerField(null=True)
    pin_x = models.FloatField(null=True)
    pin_y = models.FloatField(null=True)
    pin_window_center = models.FloatField(null=True)
    pin_window_width = models.FloatField(null=True)

    class Meta:
        """Read in the order of writing."""

        ordering = ("created_at", "id")
