"""Invite colleagues, and let an invitation be accepted once."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from confrere.adapters.clock import now
from confrere.apps.accounts.actions.members import NewMember, enrol_member, join_audience
from confrere.apps.accounts.models import Invitation, Member, Role
from confrere.apps.audit.actions.record import record

INVITATION_LIFE = timedelta(days=7)


class InvitationError(Exception):
    """The invitation cannot be made or used; the message is for the person reading it."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the invited person fills in."""

    username: str
    display_name: str
    registration_number: str
    password: str


def digest_of(token: str) -> str:
    """The digest under which an invitation's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_can_invite(member: Member, role: str) -> None:
    """Raise InvitationError unless `member` may invite someone for `role`."""
    if member.role == Role.MEMBER:
        raise InvitationError("Only a moderator or an administrator can invite.")
    if role != Role.MEMBER and member.role != Role.ADMIN:
        raise InvitationError("Only an administrator can invite moderators and administrators.")


def invite(member: Member, role: str, audience_id: uuid.UUID | None = None) -> str:
    """Make an invitation to the inviter's institution and return its one-time token.

    Raises InvitationError when the inviter may not.
    """
    check_can_invite(member, role)
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            token_digest=digest_of(token),
            institution=member.institution,
            audience_id=audience_id,
            role=role,
            invited_by=member,
            expires_at=now() + INVITATION_LIFE,
        )
        record(str(member.id), "member.invited", str(invitation.id), {"role": role})
    return token


def open_invitation(token: str) -> Invitation | None:
    """The invitation for `token` while it can still be used, else None."""
    return Invitation.objects.filter(
        token_digest=digest_of(token), accepted_by=None, expires_at__gt=now(), invited_by__is_active=True
    ).first()


def accept(token: str, answer: Acceptance) -> Member:
    """Enrol the invited person; raises InvitationError when the invitation is spent or an answer does not do."""
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .filter(token_digest=digest_of(token), accepted_by=None, expires_at__gt=now(), invited_by__is_active=True)
            .first()
        )
        if invitation is None:
            raise InvitationError("This invitation has been used or has expired. Ask for a new one.")
        if not answer.registration_number.strip():
            raise InvitationError("Your registration number with the medical council is needed.")
        if not answer.username.strip() or not answer.display_name.strip():
            raise InvitationError("Your name and a sign-in name are needed.")
        if Member.objects.filter(username__iexact=answer.username.strip()).exists():
            raise InvitationError("This sign-in name is taken. Choose another.")
        try:
            validate_password(answer.password)
        except ValidationError as fault:
            raise InvitationError(" ".join(fault.messages)) from None
        new = NewMember(
            answer.username, answer.display_name, answer.password, invitation.role, answer.registration_number
        )
        member = enrol_member(str(invitation.invited_by_id), invitation.institution, new)
        invitation.accepted_by = member
        invitation.save(update_fields=["accepted_by"])
        if invitation.audience_id:
            join_audience(str(invitation.invited_by_id), invitation.audience_id, member.id)
        return member
