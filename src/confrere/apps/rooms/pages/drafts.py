"""Drafts. Audience: their author alone; purpose: look at what came, write one question, post it to a room."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from confrere.apps.accounts.session import member_of
from confrere.apps.cases.actions.drafts import ConsentGiven
from confrere.apps.cases.actions.words import WordsError, with_replacement
from confrere.apps.cases.pages.words import words_context
from confrere.apps.clearance.actions.gate import GateRefused
from confrere.apps.clearance.face_free import FacesDue
from confrere.apps.clearance.reads import removed_from, series_of_case, turned_away_with
from confrere.apps.rooms.actions.rooms import Post, RoomError, discard_case, post_case
from confrere.apps.rooms.reads import (
    DraftView,
    draft_of,
    drafts_of,
    last_room_of,
    own_room,
    people_in,
    rooms_of,
)
from confrere.apps.rooms.words import CONSENT_FORMS, PURPOSES, no_of, removed_lines


@require_GET
def drafts_page(request: HttpRequest) -> HttpResponse:
    """All one's drafts."""
    return render(request, "rooms/drafts.html", {"drafts": drafts_of(member_of(request).id), "here": "drafts"})


@require_GET
def tray(request: HttpRequest) -> HttpResponse:
    """The drafts alone; fetched again when a study has become ready."""
    return render(request, "rooms/_tray.html", {"drafts": drafts_of(member_of(request).id)})


def _chosen_room(member_id: uuid.UUID, wanted: str) -> uuid.UUID | None:
    rooms = [room.id for room in rooms_of(member_id)]
    asked = next((room for room in rooms if str(room) == wanted), None)
    return asked or last_room_of(member_id) or next(iter(rooms), None)


def _audience(member_id: uuid.UUID, room_id: uuid.UUID | None) -> dict[str, object]:
    """Who will see it: the room and its people."""
    room = own_room(member_id, room_id) if room_id else None
    people = people_in(room) if room else []
    institutions = sorted({person.institution.name for person, _is_moderator in people})
    return {"audience_room": room, "audience": people, "institutions": institutions}


def _page(request: HttpRequest, draft: DraftView, more: dict[str, object], status: int = 200) -> HttpResponse:
    member = member_of(request)
    room_id = _chosen_room(member.id, request.POST.get("room", ""))
    summary = removed_from(draft.case_id)
    series = series_of_case(draft.case_id)
    context: dict[str, object] = {
        "draft": draft,
        "rooms": rooms_of(member.id),
        "room_id": room_id,
        "purposes": PURPOSES,
        "purpose": request.POST.get("purpose", "discuss"),
        "consent_forms": CONSENT_FORMS,
        "consent": request.POST.get("consent", "none"),
        "question": request.POST.get("question", ""),
        "summary": summary,
        "removed": removed_lines(summary.actions),
        "series": series,
        "stopped": [one for one in series if one.reason is not None],
        "turned_away": turned_away_with(draft.case_id),
        "here": "drafts",
        **_audience(member.id, room_id),
        **more,
    }
    return render(request, "rooms/draft.html", context, status=status)


def _consent(request: HttpRequest) -> ConsentGiven | None:
    form = request.POST.get("consent", "none")
    if request.POST.get("purpose") != "teaching" or form not in {"written", "verbal"}:
        return None
    return ConsentGiven("teaching", form)


def _asked_post(request: HttpRequest, case_id: uuid.UUID) -> Post:
    """What the form asks for; raises RoomError when a choice is none of those offered."""
    purpose = request.POST.get("purpose", "")
    if purpose not in {value for value, _label, _about in PURPOSES}:
        raise RoomError(_("Choose what the case is for."))
    try:
        room_id = uuid.UUID(request.POST.get("room", ""))
    except ValueError:
        raise RoomError(_("Choose one of your rooms.")) from None
    confirmed = tuple(request.POST.getlist("confirmed"))
    return Post(case_id, room_id, request.POST.get("question", ""), purpose, _consent(request), confirmed)


def _with_replacement(request: HttpRequest) -> dict[str, object]:
    """The question with the one replacement that was tapped, and the marks that remain."""
    question = request.POST.get("question", "")
    try:
        question = with_replacement(question, request.POST["replace"])
    except WordsError as fault:
        return {"error": str(fault)}
    return {"question": question, **words_context(question, request.POST.getlist("confirmed"))}


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show a draft; POST sends it through the gate, and shows why when the answer is no or not yet (202)."""
    member = member_of(request)
    found = draft_of(member.id, case_id)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found, {})
    if "replace" in request.POST:
        return _page(request, found, _with_replacement(request))
    try:
        post_case(member, _asked_post(request, case_id))
    except FacesDue:
        # Not posted yet: the page asks again and sends the form by itself, or the author does.
        return _page(request, found, {"faces_due": True}, HTTPStatus.ACCEPTED)
    except RoomError as fault:
        marks = words_context(request.POST.get("question", ""), request.POST.getlist("confirmed"))
        return _page(request, found, {"error": str(fault), **marks}, HTTPStatus.UNPROCESSABLE_ENTITY)
    except GateRefused as no:
        return _page(request, found, {"refusal": no_of(no.decision, no.floor)}, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Posted. Everyone in the room can see it now."))
    return redirect("case", case_id)


@require_GET
def audience(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Who will see the draft if it is posted to the room asked about."""
    member = member_of(request)
    if draft_of(member.id, case_id) is None:
        raise Http404
    context = _audience(member.id, _chosen_room(member.id, request.GET.get("room", "")))
    return render(request, "rooms/_audience.html", context)


@require_POST
def discard(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    member = member_of(request)
    if draft_of(member.id, case_id) is None:
        raise Http404
    discard_case(member, case_id)
    messages.success(request, _("Draft discarded."))
    return redirect("drafts")
