"""Queries about members and audiences, answered as frozen views."""

import uuid
from dataclasses import dataclass

from confrere.apps.accounts.models import Audience, AudienceMember, Institution, Member, Notice, Role


@dataclass(frozen=True, slots=True)
class AudienceFacts:
    """What the gate must know of an audience: its size, its institutions, and who is not verified."""

    audience_id: uuid.UUID
    members: int
    unverified: int
    institutions: int
    only_member: uuid.UUID | None = None
    """Who it is, where the audience is one person alone."""


def audience_facts(audience_id: uuid.UUID) -> AudienceFacts:
    """The facts of an audience; raises Audience.DoesNotExist for one that is not there."""
    audience = Audience.objects.get(id=audience_id)
    places = AudienceMember.objects.filter(audience=audience).select_related("member")
    members = [place.member for place in places]
    return AudienceFacts(
        audience_id=audience.id,
        members=len(members),
        unverified=sum(1 for member in members if not member.is_active or not member.registration_number),
        institutions=len({member.institution_id for member in members}),
        only_member=members[0].id if len(members) == 1 else None,
    )


def is_in_audience(member_id: uuid.UUID, audience_id: uuid.UUID) -> bool:
    """Whether the member stands in the audience now and is active."""
    return AudienceMember.objects.filter(audience_id=audience_id, member_id=member_id, member__is_active=True).exists()


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice and the members whose open pages should hear of it."""

    id: int
    kind: str
    subject: str
    recipients: frozenset[str]


def newest_notice() -> int:
    """The id of the newest notice, 0 when there is none."""
    return Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0


def notices_after(last: int) -> list[NoticeView]:
    """Notices after `last`, oldest first; recipients are resolved now, so leaving a room ends its notices."""
    found = []
    for notice in Notice.objects.filter(id__gt=last).order_by("id")[:200]:
        recipients = {str(notice.member_id)} if notice.member_id else set()
        if notice.audience_id:
            places = AudienceMember.objects.filter(audience_id=notice.audience_id, member__is_active=True)
            recipients |= {str(member) for member in places.values_list("member_id", flat=True)}
        found.append(NoticeView(notice.id, notice.kind, notice.subject, frozenset(recipients)))
    return found


def member_by_id(member_id: uuid.UUID) -> Member:
    """The member; raises Member.DoesNotExist."""
    return Member.objects.get(id=member_id)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as colleagues of the same institution see them."""

    id: uuid.UUID
    name: str
    username: str
    role: str
    registration_number: str
    is_active: bool


def _view_of(member: Member) -> MemberView:
    return MemberView(
        member.id,
        member.display_name,
        member.username,
        member.get_role_display(),
        member.registration_number,
        member.is_active,
    )


def members_of(institution_id: uuid.UUID) -> list[MemberView]:
    """The members of an institution by name, those whose account has ended last."""
    rows = Member.objects.filter(institution_id=institution_id).order_by("-is_active", "display_name")
    return [_view_of(row) for row in rows]


def colleagues_outside(institution_id: uuid.UUID, audience_id: uuid.UUID) -> list[MemberView]:
    """Active members of an institution who do not stand in the audience, by name."""
    inside = AudienceMember.objects.filter(audience_id=audience_id).values("member_id")
    rows = Member.objects.filter(institution_id=institution_id, is_active=True).exclude(id__in=inside)
    return [_view_of(row) for row in rows.order_by("display_name")]


def roles_to_invite(member: Member) -> list[tuple[str, str]]:
    """The roles the member may invite someone for, as (value, label); none for a plain member."""
    if member.role == Role.MEMBER:
        return []
    return [(value, label) for value, label in Role.choices if member.role == Role.ADMIN or value == Role.MEMBER]


def demo_logins() -> list[MemberView]:
    """The members of a demo home, for the note on its sign-in page."""
    rows = Member.objects.filter(is_demo=True, is_active=True).order_by("institution__name", "display_name")
    return [_view_of(row) for row in rows]


def has_institutions() -> bool:
    """Whether anything has been founded here yet."""
    return Institution.objects.exists()


def is_taken(institution: str, username: str) -> bool:
    """Whether an institution of that name or a member of that sign-in name is already here."""
    by_name = Institution.objects.filter(name__iexact=institution).exists()
    return by_name or Member.objects.filter(username__iexact=username.strip()).exists()


def member_by_username(username: str) -> Member | None:
    """The active member with that sign-in name, else None."""
    return Member.objects.filter(username__iexact=username.strip(), is_active=True).first()
