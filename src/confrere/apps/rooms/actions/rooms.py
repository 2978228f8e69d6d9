"""Found rooms, let members in and out, post cases."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from confrere.apps.accounts.actions.members import form_audience, join_audience, leave_audience
from confrere.apps.accounts.actions.notices import tell_audience
from confrere.apps.accounts.models import Member, Role
from confrere.apps.audit.actions.record import record
from confrere.apps.cases.actions.drafts import ConsentGiven, mark_read, move_case, record_consent
from confrere.apps.cases.actions.words import WordsError, checked_words, record_confirmed
from confrere.apps.cases.models import Case, CaseState
from confrere.apps.clearance.actions.gate import Ask, pass_gate
from confrere.apps.clearance.actions.heads import ask_for_heads
from confrere.apps.clearance.actions.series import move_series
from confrere.apps.clearance.cleared import VerifiedStudy
from confrere.apps.clearance.face_free import FacesDue, FacesHeld, frames_of, study_for_others
from confrere.apps.clearance.reads import verified_study
from confrere.apps.release.actions.issue import end_releases, issue_release, supersede_releases
from confrere.apps.rooms.models import Posting, Room, RoomKind


class RoomError(Exception):
    """What was asked of a room cannot be done; the message is for the member."""


@dataclass(frozen=True, slots=True)
class NewRoom:
    """What founding a room needs."""

    name: str
    about: str = ""
    kind: str = RoomKind.DEPARTMENT


def found_room(founder: Member, new: NewRoom) -> Room:
    """Create a room whose first member and moderator is `founder`; raises RoomError when they may not."""
    if founder.role == Role.MEMBER:
        raise RoomError("Only a moderator or an administrator can open a room.")
    if not new.name.strip():
        raise RoomError("A room needs a name.")
    with transaction.atomic():
        audience = form_audience(str(founder.id), founder.institution, [])
        join_audience(str(founder.id), audience.id, founder.id, is_moderator=True)
        room = Room.objects.create(
            name=new.name.strip()[:80],
            about=new.about.strip()[:200],
            kind=new.kind,
            institution=founder.institution,
            audience=audience,
        )
        record(str(founder.id), "room.founded", str(room.id))
        return room


def add_member(moderator: Member, room: Room, member: Member) -> None:
    """Let a member into a room; raises RoomError unless `moderator` moderates it."""
    check_can_moderate(moderator, room)
    join_audience(str(moderator.id), room.audience_id, member.id)


def remove_member(moderator: Member, room: Room, member_id: uuid.UUID) -> None:
    """Take a member out of a room, or leave it oneself."""
    if moderator.id != member_id:
        check_can_moderate(moderator, room)
    leave_audience(str(moderator.id), room.audience_id, member_id)


def check_can_moderate(member: Member, room: Room) -> None:
    """Raise RoomError unless the member moderates the room."""
    if not room.audience.places.filter(member=member, is_moderator=True).exists():
        raise RoomError("Only a moderator of this room can do that.")


@dataclass(frozen=True, slots=True)
class Post:
    """What a member posts: which draft, to which room, with what question and purpose."""

    case_id: uuid.UUID
    room_id: uuid.UUID
    question: str
    purpose: str = "discuss"
    consent: ConsentGiven | None = None
    confirmed: tuple[str, ...] = ()


def post_case(author: Member, post: Post) -> uuid.UUID:
    """Post a draft to a room through the gate and return the release id.

    Others see no head with its face: a cut slice stands in for its original, what may not be shown is left out. Raises
    FacesDue while a series waits for that; RoomError for a missing question, words that seem to name someone, a room
    the author is not in, or nothing that may be shown; GateRefused when a rule says no. Then nothing but the gate's
    ledger line is kept.
    """
    question = post.question.strip()[:280]
    if not question:
        raise RoomError("One question is needed, for example: Level of obstruction?")
    room = Room.objects.filter(id=post.room_id, audience__places__member=author).first()
    if room is None:
        raise RoomError("Choose one of your rooms.")
    if not Case.objects.filter(id=post.case_id, author=author, state=CaseState.DRAFT).exists():
        raise RoomError("This draft is no longer here.")
    try:
        checked = checked_words(question, post.confirmed)
    except WordsError as fault:
        raise RoomError(str(fault)) from None
    if post.consent is not None:
        with transaction.atomic():
            record_consent(author, post.case_id, post.consent)
    shown = _shown_to_others(author, post.case_id)
    cleared = pass_gate(str(author.id), Ask(shown, author, room.audience_id, post.purpose))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(id=post.case_id)
        case.question = checked.text
        record_confirmed(author, case.id, "question", checked)
        _tell_what_is_shown(case, shown)
        move_case(case, "post", str(author.id))
        release_id = issue_release(str(author.id), cleared)
        _show_author_the_same(author, shown, release_id)
        move_series(str(author.id), case.id, "release")
        Posting.objects.create(room=room, case=case, posted_by=author, posted_at=case.active_at)
        record(str(author.id), "case.in_room", str(case.id), {"room": str(room.id), "release": str(release_id)})
        mark_read(author.id, case.id)
        tell_audience(room.audience_id, "case", str(case.id))
        return release_id


def _shown_to_others(author: Member, case_id: uuid.UUID) -> VerifiedStudy:
    """What the room will see. Raises FacesDue, after asking for the looks that are missing, and RoomError."""
    try:
        return study_for_others(case_id)
    except FacesDue:
        with transaction.atomic():
            ask_for_heads(str(author.id), verified_study(case_id))
        raise
    except FacesHeld as held:
        words = " ".join(f"{reason.message} {reason.remedy}" for reason in held.reasons)
        raise RoomError(f"Nothing of this case may be shown to others. {words}") from None


def _tell_what_is_shown(case: Case, shown: VerifiedStudy) -> None:
    """Count what is handed on, and choose another key image when the old one is not among it; the caller saves."""
    case.image_count = sum(frames_of(one) for one in shown.instances)
    if case.key_image.get("sop") in {one.sop_instance_uid for one in shown.instances}:
        return
    middle = shown.instances[len(shown.instances) // 2]
    case.key_image = {
        "study": middle.study_instance_uid,
        "series": middle.series_instance_uid,
        "sop": middle.sop_instance_uid,
        "frame": 1,
    }


def _show_author_the_same(author: Member, shown: VerifiedStudy, release_id: uuid.UUID) -> None:
    """Where others see less than the draft showed, the author sees that too: a pin must mean one thing to all."""
    if shown.instances == verified_study(shown.case_id).instances:
        return
    actor = str(author.id)
    supersede_releases(actor, shown.case_id, by=release_id)
    audience = form_audience(actor, author.institution, [author])
    issue_release(actor, pass_gate(actor, Ask(shown, author, audience.id, "discuss")))


def discard_case(author: Member, case_id: uuid.UUID) -> None:
    """Throw a draft away: its release to the author ends. Raises RoomError when it is no draft of the author's."""
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(id=case_id, author=author, state=CaseState.DRAFT).first()
        if case is None:
            raise RoomError("This draft is no longer here.")
        end_releases(str(author.id), case.id)
        move_series(str(author.id), case.id, "discard")
        move_case(case, "discard", str(author.id))


def withdraw_case(member: Member, case_id: uuid.UUID) -> None:
    """Take a posted case back: by its author, or by a moderator of a room it stands in.

    Every release of it ends with the commit. Raises RoomError for anyone else.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(id=case_id, state=CaseState.POSTED).first()
        moderates = Posting.objects.filter(
            case_id=case_id,
            room__audience__places__member=member,
            room__audience__places__is_moderator=True,
        ).exists()
        if case is None or not (case.author_id == member.id or moderates):
            raise RoomError("Only the author or a moderator can take a case back.")
        end_releases(str(member.id), case.id)
        move_case(case, "withdraw", str(member.id))
        for posting in Posting.objects.filter(case=case).select_related("room"):
            tell_audience(posting.room.audience_id, "withdrawn", str(case.id))
