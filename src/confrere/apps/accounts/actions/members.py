"""Found institutions, enrol members, form audiences."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from confrere.apps.accounts.models import Audience, AudienceMember, Institution, Member, Role
from confrere.apps.audit.actions.record import record


@dataclass(frozen=True, slots=True)
class NewMember:
    """What enrolling needs; the password is hashed at once and never kept."""

    username: str
    display_name: str
    password: str
    role: str = Role.MEMBER
    registration_number: str = ""
    is_demo: bool = False


def found_institution(actor: str, name: str, city: str = "") -> Institution:
    """Create an institution."""
    with transaction.atomic():
        institution = Institution.objects.create(name=name, city=city)
        record(actor, "institution.founded", str(institution.id))
        return institution


def enrol_member(actor: str, institution: Institution, new: NewMember) -> Member:
    """Create a member of the institution with a hashed password."""
    with transaction.atomic():
        member = Member(
            username=new.username.strip().lower(),
            display_name=new.display_name.strip(),
            institution=institution,
            role=new.role,
            registration_number=new.registration_number.strip(),
            is_demo=new.is_demo,
        )
        member.set_password(new.password)
        member.save()
        record(actor, "member.enrolled", str(member.id), {"role": str(new.role)})
        return member


def form_audience(actor: str, institution: Institution, members: list[Member]) -> Audience:
    """Create an audience of these members."""
    with transaction.atomic():
        audience = Audience.objects.create(institution=institution)
        record(actor, "audience.formed", str(audience.id))
        for member in members:
            join_audience(actor, audience.id, member.id)
        return audience


def join_audience(actor: str, audience_id: uuid.UUID, member_id: uuid.UUID, *, is_moderator: bool = False) -> None:
    """Put a member into an audience; a second time changes nothing."""
    with transaction.atomic():
        _place, created = AudienceMember.objects.get_or_create(
            audience_id=audience_id, member_id=member_id, defaults={"is_moderator": is_moderator}
        )
        if created:
            record(actor, "audience.joined", str(audience_id), {"member": str(member_id)})


def leave_audience(actor: str, audience_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Take a member out of an audience: every release to it closes for them at once."""
    with transaction.atomic():
        gone, _ = AudienceMember.objects.filter(audience_id=audience_id, member_id=member_id).delete()
        if gone:
            record(actor, "audience.left", str(audience_id), {"member": str(member_id)})


def end_membership(actor: str, member_id: uuid.UUID) -> None:
    """Close a member's account: sign-in, sessions and every audience end now."""
    with transaction.atomic():
        member = Member.objects.select_for_update().get(id=member_id)
        member.is_active = False
        member.save(update_fields=["is_active"])
        AudienceMember.objects.filter(member=member).delete()
        record(actor, "member.ended", str(member_id))
