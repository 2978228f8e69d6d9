"""Queries about rooms and feeds, answered as frozen views."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from confrere.apps.accounts.models import AudienceMember, Member, Role
from confrere.apps.cases.models import Case, CaseState, ReadingMark
from confrere.apps.rooms.models import Posting, Room, RoomKind

FEED_LENGTH = 50


@dataclass(frozen=True, slots=True)
class RoomName:
    """A room in a sentence: its id and its name."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room as its members see it."""

    id: uuid.UUID
    name: str
    about: str
    kind: str
    members: int
    unread: int
    audience_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case in a feed: key image, question, chips, thread count, unread."""

    case_id: uuid.UUID
    question: str
    modality: str
    region: str
    age_band: str
    sex: str
    source: str
    image_count: int
    key_image_url: str
    comment_count: int
    is_unread: bool
    author: str
    room: str
    room_id: uuid.UUID
    posted_at: datetime
    active_at: datetime


def key_image_url(case: Case, viewport: int = 320) -> str:
    """The address of a case's key image at the release window, or "" when it has none."""
    key = case.key_image
    if not key:
        return ""
    return (
        f"/dicom-web/studies/{key['study']}/series/{key['series']}/instances/{key['sop']}"
        f"/frames/{key['frame']}/rendered?viewport={viewport},{viewport}"
    )


def own_room(member_id: uuid.UUID, room_id: uuid.UUID) -> Room | None:
    """The room if the member stands in it, else None: not found and not yours look alike."""
    return Room.objects.filter(id=room_id, audience__places__member_id=member_id).first()


def _seen(member_id: uuid.UUID) -> dict[uuid.UUID, datetime]:
    """When the member last opened each case."""
    return dict(ReadingMark.objects.filter(member_id=member_id).values_list("case_id", "seen_at"))


def _is_unread(seen_at: datetime | None, active_at: datetime) -> bool:
    return seen_at is None or seen_at < active_at


def _postings(member_id: uuid.UUID) -> QuerySet[Posting]:
    return Posting.objects.filter(
        room__audience__places__member_id=member_id, case__state=CaseState.POSTED
    ).select_related("case", "case__author", "room")


def rooms_of(member_id: uuid.UUID) -> list[RoomView]:
    """The member's rooms with their unread counts."""
    seen = _seen(member_id)
    unread = Counter(
        row.room_id for row in _postings(member_id) if _is_unread(seen.get(row.case_id), row.case.active_at)
    )
    rooms = Room.objects.filter(audience__places__member_id=member_id).order_by("name")
    return [
        RoomView(
            room.id,
            room.name,
            room.about,
            room.get_kind_display(),
            AudienceMember.objects.filter(audience_id=room.audience_id).count(),
            unread[room.id],
            room.audience_id,
        )
        for room in rooms
    ]


def feed(member_id: uuid.UUID, room_id: uuid.UUID | None = None) -> list[CaseCard]:
    """The newest cases of the member's rooms, or of one room; newest activity first."""
    seen = _seen(member_id)
    rows = _postings(member_id)
    if room_id is not None:
        rows = rows.filter(room_id=room_id)
    return [
        CaseCard(
            case_id=row.case_id,
            question=row.case.question,
            modality=row.case.modality,
            region=row.case.region,
            age_band=row.case.age_band,
            sex=row.case.sex,
            source=row.case.source,
            image_count=row.case.image_count,
            key_image_url=key_image_url(row.case),
            comment_count=row.case.comment_count,
            is_unread=_is_unread(seen.get(row.case_id), row.case.active_at),
            author=row.case.author.display_name,
            room=row.room.name,
            room_id=row.room_id,
            posted_at=row.posted_at,
            active_at=row.case.active_at,
        )
        for row in rows.order_by("-case__active_at")[:FEED_LENGTH]
    ]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft of the member's own."""

    case_id: uuid.UUID
    modality: str
    region: str
    age_band: str
    sex: str
    source: str
    image_count: int
    key_image_url: str
    created_at: datetime


def drafts_of(member_id: uuid.UUID) -> list[DraftView]:
    """The member's drafts, the one that something came to last first."""
    rows = Case.objects.filter(author_id=member_id, state=CaseState.DRAFT).order_by("-active_at")
    return [
        DraftView(
            row.id,
            row.modality,
            row.region,
            row.age_band,
            row.sex,
            row.source,
            row.image_count,
            key_image_url(row, 256),
            row.created_at,
        )
        for row in rows
    ]


def draft_of(member_id: uuid.UUID, case_id: uuid.UUID) -> DraftView | None:
    """One draft of the member's own, else None."""
    return next((draft for draft in drafts_of(member_id) if draft.case_id == case_id), None)


def people_in(room: Room) -> list[tuple[Member, bool]]:
    """The members of a room and whether each moderates it."""
    places = room.audience.places.select_related("member", "member__institution").order_by("member__display_name")
    return [(place.member, place.is_moderator) for place in places]


def last_room_of(member_id: uuid.UUID) -> uuid.UUID | None:
    """The room the member posted to last; the draft page presets it."""
    return (
        Posting.objects.filter(posted_by_id=member_id, room__audience__places__member_id=member_id)
        .order_by("-posted_at")
        .values_list("room_id", flat=True)
        .first()
    )


def moderates(member_id: uuid.UUID, room: Room) -> bool:
    """Whether the member moderates the room."""
    return room.audience.places.filter(member_id=member_id, is_moderator=True).exists()


def can_found_rooms(member: Member) -> bool:
    """Whether the member may open a room; `actions.rooms.found_room` checks it again."""
    return member.role != Role.MEMBER


def room_kinds() -> list[tuple[str, str]]:
    """The kinds of room, as (value, label)."""
    return [(str(value), str(label)) for value, label in RoomKind.choices]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands for one member: the rooms they share with it, and whether they may take it back."""

    rooms: tuple[RoomName, ...]
    posted_at: datetime | None
    can_take_back: bool


def standing_of(member_id: uuid.UUID, case_id: uuid.UUID) -> Standing:
    """The member's view of where a posted case stands; no rooms when they share none with it."""
    rows = list(
        Posting.objects.filter(
            case_id=case_id, case__state=CaseState.POSTED, room__audience__places__member_id=member_id
        )
        .select_related("room", "case")
        .order_by("room__name")
    )
    is_author = any(row.case.author_id == member_id for row in rows)
    return Standing(
        tuple(RoomName(row.room_id, row.room.name) for row in rows),
        min((row.posted_at for row in rows), default=None),
        is_author or any(moderates(member_id, row.room) for row in rows),
    )


def demo_drafts(username: str) -> set[str]:
    """The ids of a demo member's drafts that the author can already see."""
    rows = Case.objects.filter(author__username=username, author__is_demo=True, state=CaseState.DRAFT)
    return {str(case_id) for case_id in rows.exclude(releases=None).values_list("id", flat=True)}


def demo_room(name: str) -> str:
    """The id of a demo room."""
    return str(Room.objects.get(name=name).id)
