"""Write comments and pins."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from confrere.apps.accounts.actions.notices import tell_audience
from confrere.apps.accounts.models import Member
from confrere.apps.audit.actions.record import record
from confrere.apps.cases.actions.drafts import mark_read, note_comment
from confrere.apps.cases.actions.words import WordsError, checked_words, record_confirmed
from confrere.apps.cases.models import Case, CaseState
from confrere.apps.discuss.models import Comment
from confrere.apps.release import window


class CommentError(Exception):
    """The comment cannot be taken; the message is for the member."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A place in a case: instance, 1-based frame, point in image pixels (column, row), window (centre, width)."""

    sop_instance_uid: str
    frame: int
    x: float
    y: float
    window_center: float | None = None
    window_width: float | None = None


@dataclass(frozen=True, slots=True)
class NewComment:
    """What a member writes."""

    text: str
    parent_id: uuid.UUID | None = None
    pin: Pin | None = None
    confirmed: tuple[str, ...] = ()


def _check_pin(member_id: uuid.UUID, case_id: uuid.UUID, pin: Pin) -> None:
    for pane in window.case_instances(member_id, case_id):
        if pane.sop_instance_uid == pin.sop_instance_uid:
            columns, rows = pane.facts.get("columns"), pane.facts.get("rows")
            frames = pane.facts.get("frames")
            inside = (
                isinstance(columns, int)
                and isinstance(rows, int)
                and 0 <= pin.x <= columns
                and 0 <= pin.y <= rows
                and 1 <= pin.frame <= (frames if isinstance(frames, int) else 1)
            )
            if inside:
                return
    raise CommentError("The pin does not lie on an image of this case.")


def add_comment(author: Member, case_id: uuid.UUID, new: NewComment) -> Comment:
    """Add a comment to a case the author may see now; everyone with the case open hears of it.

    Raises CommentError for an empty or over-long text, words that seem to name someone, a reply to another case,
    or a pin outside the images.
    """
    text = new.text.replace("\0", "").strip()
    if not text:
        raise CommentError("Write something first.")
    if len(text) > 4000:
        raise CommentError("A comment is at most 4,000 characters.")
    if not window.may_see_case(author.id, case_id):
        raise CommentError("This case is no longer open to you.")
    if new.pin is not None:
        _check_pin(author.id, case_id, new.pin)
    try:
        checked = checked_words(text, new.confirmed)
    except WordsError as fault:
        raise CommentError(str(fault)) from None
    with transaction.atomic():
        if not Case.objects.filter(id=case_id, state=CaseState.POSTED).exists():
            raise CommentError("This case is no longer open.")
        if new.parent_id and not Comment.objects.filter(id=new.parent_id, case_id=case_id).exists():
            raise CommentError("The comment you answer is no longer here.")
        pin = new.pin
        comment = Comment.objects.create(
            case_id=case_id,
            author=author,
            parent_id=new.parent_id,
            text=checked.text,
            pin_sop_instance_uid=pin.sop_instance_uid if pin else "",
            pin_frame=pin.frame if pin else None,
            pin_x=pin.x if pin else None,
            pin_y=pin.y if pin else None,
            pin_window_center=pin.window_center if pin else None,
            pin_window_width=pin.window_width if pin else None,
        )
        note_comment(case_id)
        mark_read(author.id, case_id)
        record(
            str(author.id),
            "comment.added",
            str(case_id),
            {"comment": str(comment.id), "pinned": pin is not None},
        )
        record_confirmed(author, case_id, "comment", checked)
        for audience_id in window.audiences_of_case(case_id):
            tell_audience(audience_id, "comment", str(case_id))
        return comment
