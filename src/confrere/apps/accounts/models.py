"""Rows for institutions, members, invitations, audiences and the notices their open pages wait for."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    """What a member may do in the institution."""

    MEMBER = "member", "Member"
    MODERATOR = "moderator", "Moderator"
    ADMIN = "admin", "Administrator"


class Institution(models.Model):
    """A hospital or college that owns its cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    city = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class MemberManager(BaseUserManager["Member"]):
    """Looks members up by sign-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        """Return the member whose sign-in name matches, ignoring case."""
        return self.get(username__iexact=username)


class Member(AbstractBaseUser):
    """One verified person: name, institution, role and registration number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField("sign-in name", max_length=80, unique=True)
    display_name = models.CharField(max_length=120)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    registration_number = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        """Show the display name."""
        return self.display_name


class Audience(models.Model):
    """A named set of members; a Release names one, a Room is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="audiences")
    created_at = models.DateTimeField(auto_now_add=True)


class AudienceMember(models.Model):
    """One member's place in an audience, from joining until leaving."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="places")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="places")
    is_moderator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A member stands in an audience once."""

        constraints = [models.UniqueConstraint(fields=["audience", "member"], name="one_place_per_member")]


class Invitation(models.Model):
    """A one-time way in; only the digest of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.CharField(max_length=64, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="invitations")
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, null=True, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="invitations")
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="accepted")


class Notice(models.Model):
    """A line that tells open pages something changed; carries our own identifiers only, never content."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    kind = models.CharField(max_length=24)
    subject = models.CharField(max_length=64)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, null=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True)
