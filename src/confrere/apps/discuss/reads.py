"""Queries about a case and its thread, answered as frozen views."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from confrere.apps.cases.models import Case, CaseState
from confrere.apps.discuss.models import Comment
from confrere.apps.release import window
from confrere.apps.release.window import Pane


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment with its replies; `pin` is what the viewer draws, None without one."""

    id: uuid.UUID
    author: str
    institution: str
    text: str
    created_at: datetime
    pin: dict[str, object] | None
    replies: tuple["CommentView", ...]


def open_case(member_id: uuid.UUID, case_id: uuid.UUID) -> Case | None:
    """The posted case if the member may see it now, else None: not found and not yours look alike."""
    case = Case.objects.select_related("author", "author__institution").filter(id=case_id).first()
    if case is None or case.state != CaseState.POSTED or not window.may_see_case(member_id, case_id):
        return None
    return case


def _pin(comment: Comment, label: str) -> dict[str, object] | None:
    if not comment.pin_sop_instance_uid:
        return None
    level = [comment.pin_window_center, comment.pin_window_width]
    return {
        "id": str(comment.id),
        "sop": comment.pin_sop_instance_uid,
        "frame": comment.pin_frame or 1,
        "x": comment.pin_x,
        "y": comment.pin_y,
        "window": None if None in level else level,
        "label": label,
    }


def thread(case_id: uuid.UUID) -> list[CommentView]:
    """The comments of a case, oldest first, replies inside; pins are numbered in the order of writing."""
    children: dict[uuid.UUID | None, list[Comment]] = defaultdict(list)
    labels: dict[uuid.UUID, str] = {}
    for comment in Comment.objects.filter(case_id=case_id).select_related("author", "author__institution"):
        children[comment.parent_id].append(comment)
        if comment.pin_sop_instance_uid:
            labels[comment.id] = str(len(labels) + 1)

    def view(comment: Comment) -> CommentView:
        return CommentView(
            comment.id,
            comment.author.display_name,
            comment.author.institution.name,
            comment.text,
            comment.created_at,
            _pin(comment, labels.get(comment.id, "")),
            tuple(view(reply) for reply in children[comment.id]),
        )

    return [view(comment) for comment in children[None]]


def pins_of(case_id: uuid.UUID) -> list[dict[str, object]]:
    """Every pin of a case, as the viewer takes them."""
    found: list[dict[str, object]] = []

    def collect(views: tuple[CommentView, ...]) -> None:
        for one in views:
            if one.pin:
                found.append(one.pin)
            collect(one.replies)

    collect(tuple(thread(case_id)))
    return found


def panes_of(member_id: uuid.UUID, case_id: uuid.UUID) -> list[Pane]:
    """The instances of a case the member may see now."""
    return window.case_instances(member_id, case_id)
