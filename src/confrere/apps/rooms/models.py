"""Rows for rooms and what is posted in them."""

import uuid

from django.db import models

from confrere.apps.accounts.models import Audience, Institution, Member
from confrere.apps.cases.models import Case


class RoomKind(models.TextChoices):
    """What sort of closed group a room is."""

    DEPARTMENT = "department", "Department"
    CLASS = "class", "Class"
    SOCIETY = "society", "Several hospitals"


class Room(models.Model):
    """A closed group: its name, and the audience that is its membership."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=RoomKind.choices, default=RoomKind.DEPARTMENT)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="rooms")
    audience = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="room")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class Posting(models.Model):
    """A case in a room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="postings")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="postings")
    posted_by = models.ForeignKey(Member, on_delete=models.PROTECT)
    posted_at = models.DateTimeField()

    class Meta:
        """A case stands once in a room."""

        constraints = [models.UniqueConstraint(fields=["room", "case"], name="case_once_per_room")]
