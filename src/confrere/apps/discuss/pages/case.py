"""A case. Audience: members of a room it stands in, while its release is in force; purpose: to discuss."""

import json
import math
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from confrere.apps.accounts.session import member_of
from confrere.apps.cases.actions.drafts import mark_read
from confrere.apps.cases.actions.words import WordsError, with_replacement
from confrere.apps.cases.pages.words import words_context
from confrere.apps.discuss.actions.comments import CommentError, NewComment, Pin, add_comment
from confrere.apps.discuss.reads import CommentView, open_case, panes_of, pins_of, thread
from confrere.apps.discuss.stack import slice_numbers, stack_of

# The fields of a comment that the page fills in from the viewer and from "Reply".
HIDDEN_FIELDS = ("parent", "pin_sop", "pin_frame", "pin_x", "pin_y", "pin_center", "pin_width")


def _form_context(fields: Mapping[str, str]) -> dict[str, object]:
    return {"fields": fields, "hidden_fields": [(name, fields.get(name, "")) for name in HIDDEN_FIELDS]}


def _script_json(value: object) -> SafeString:
    """JSON that may stand inside a script element: no character of it can end the element."""
    return mark_safe(json.dumps(value).translate({ord(one): f"\\u{ord(one):04x}" for one in "<>&"}))  # noqa: S308


def _place(views: list[CommentView], slices: Mapping[tuple[str, int], int]) -> list[dict[str, object]]:
    """The comments as the template takes them: each with the slice its pin lies on, as the viewer counts."""

    def one(view: CommentView) -> dict[str, object]:
        found: dict[str, object] = {"view": view, "replies": [one(reply) for reply in view.replies]}
        if view.pin:
            found["slice"] = slices.get((str(view.pin["sop"]), int(str(view.pin["frame"]))))
            found["pin_json"] = json.dumps(view.pin)
        return found

    return [one(view) for view in views]


def _thread_context(member_id: uuid.UUID, case_id: uuid.UUID) -> dict[str, object]:
    pins = pins_of(case_id)
    return {
        "case_id": case_id,
        "comments": _place(thread(case_id), slice_numbers(panes_of(member_id, case_id))),
        "pins_json": json.dumps(pins),
        "pins_script": _script_json(pins),
        **_form_context({}),
    }


@require_GET
def case_page(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The images and the thread beside them."""
    member = member_of(request)
    case = open_case(member.id, case_id)
    if case is None:
        raise Http404
    context = {"case": case, "here": "case", **_thread_context(member.id, case_id)}
    return render(request, "discuss/case.html", context)


@require_GET
def thread_part(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The thread alone; fetched again when someone has written."""
    member = member_of(request)
    if open_case(member.id, case_id) is None:
        raise Http404
    return render(request, "discuss/_thread.html", _thread_context(member.id, case_id))


@require_GET
def stack(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """What the viewer shows: the instances the window opens to this member, a draft's own author included."""
    panes = panes_of(member_of(request).id, case_id)
    if not panes:
        raise Http404
    return JsonResponse(stack_of(panes))


@require_POST
def read(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Note that the member has the case open; asked for by the page itself, so that GET changes nothing."""
    member = member_of(request)
    if open_case(member.id, case_id) is None:
        raise Http404
    mark_read(member.id, case_id)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _number(text: str) -> float:
    """A finite number of the form; raises CommentError for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CommentError("The pin does not lie on an image of this case.")
    return value


def _pin(fields: Mapping[str, str]) -> Pin | None:
    sop = fields.get("pin_sop", "")
    if not sop:
        return None
    level = fields.get("pin_center", ""), fields.get("pin_width", "")
    return Pin(
        sop_instance_uid=sop[:64],
        frame=int(_number(fields.get("pin_frame") or "1")),
        x=_number(fields.get("pin_x", "")),
        y=_number(fields.get("pin_y", "")),
        window_center=_number(level[0]) if all(level) else None,
        window_width=_number(level[1]) if all(level) else None,
    )


def _new_comment(fields: Mapping[str, str], confirmed: tuple[str, ...]) -> NewComment:
    parent = fields.get("parent", "")
    try:
        parent_id = uuid.UUID(parent) if parent else None
    except ValueError:
        raise CommentError("The comment you answer is no longer here.") from None
    return NewComment(fields.get("text", ""), parent_id, _pin(fields), confirmed)


def _take(request: HttpRequest, case_id: uuid.UUID, fields: dict[str, str]) -> None:
    """Keep the comment, or do the one replacement that was tapped; raises CommentError when it is not kept."""
    if "replace" in fields:
        try:
            fields["text"] = with_replacement(fields.get("text", ""), fields["replace"])
        except WordsError as fault:
            raise CommentError(str(fault)) from None
        raise CommentError("Replaced. Read it once more, then send it.")
    add_comment(member_of(request), case_id, _new_comment(fields, tuple(request.POST.getlist("confirmed"))))


@require_POST
def comments(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take a comment; answers the part that asked with an empty form, a plain form with the page."""
    member = member_of(request)
    case = open_case(member.id, case_id)
    if case is None:
        raise Http404
    fields = {name: str(value) for name, value in request.POST.dict().items()}
    context = _form_context({})
    status = HTTPStatus.OK
    try:
        _take(request, case_id, fields)
    except CommentError as fault:
        marks = words_context(fields.get("text", ""), request.POST.getlist("confirmed"))
        context = {"error": str(fault), **_form_context(fields), **marks}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    if "HX-Request" in request.headers:
        response = render(request, "discuss/_comment_form.html", context, status=status)
        if status == HTTPStatus.OK:
            response["HX-Trigger"] = "thread-changed"
        return response
    if status == HTTPStatus.OK:
        return redirect(reverse("case", args=[case_id]) + "#write")
    page = {"case": case, "here": "case", **_thread_context(member.id, case_id), **context}
    return render(request, "discuss/case.html", page, status=status)
