"""One room. Audience: its members; purpose: its cases, who is in it, and letting people in and out."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from confrere.apps.accounts.reads import colleagues_outside, member_by_id
from confrere.apps.accounts.session import member_of
from confrere.apps.rooms.actions.rooms import NewRoom, RoomError, add_member, found_room, remove_member
from confrere.apps.rooms.reads import can_found_rooms, feed, moderates, own_room, people_in, room_kinds


@require_GET
def room_page(request: HttpRequest, room_id: uuid.UUID) -> HttpResponse:
    """The room's cases and its people."""
    member = member_of(request)
    room = own_room(member.id, room_id)
    if room is None:
        raise Http404
    is_moderator = moderates(member.id, room)
    context = {
        "room": room,
        "cards": feed(member.id, room.id),
        "people": people_in(room),
        "is_moderator": is_moderator,
        "candidates": colleagues_outside(member.institution_id, room.audience_id) if is_moderator else [],
        "here": "room",
        "here_room": room.id,
    }
    return render(request, "rooms/room.html", context)


@require_GET
def cards(request: HttpRequest, room_id: uuid.UUID) -> HttpResponse:
    """The room's cards alone."""
    member = member_of(request)
    room = own_room(member.id, room_id)
    if room is None:
        raise Http404
    return render(request, "rooms/_cards.html", {"cards": feed(member.id, room.id), "in_room": True})


@require_http_methods(["GET", "POST"])
def new_room(request: HttpRequest) -> HttpResponse:
    """Open a room. Audience: moderators and administrators."""
    member = member_of(request)
    if not can_found_rooms(member):
        raise Http404
    context: dict[str, object] = {"kinds": room_kinds(), "here": "new-room"}
    if request.method == "GET":
        return render(request, "rooms/new_room.html", context)
    asked = NewRoom(request.POST.get("name", ""), request.POST.get("about", ""), request.POST.get("kind", ""))
    try:
        if asked.kind not in dict(room_kinds()):
            raise RoomError(_("Choose what kind of room it is."))
        room = found_room(member, asked)
    except RoomError as fault:
        context |= {"error": str(fault), "asked": asked}
        return render(request, "rooms/new_room.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("room", room.id)


@require_POST
def let_in(request: HttpRequest, room_id: uuid.UUID) -> HttpResponse:
    """Let a member of the moderator's own institution into the room."""
    member = member_of(request)
    room = own_room(member.id, room_id)
    if room is None or not moderates(member.id, room):
        raise Http404
    wanted = request.POST.get("member", "")
    candidate = next(
        (one for one in colleagues_outside(member.institution_id, room.audience_id) if str(one.id) == wanted),
        None,
    )
    if candidate is None:
        raise Http404
    add_member(member, room, member_by_id(candidate.id))
    messages.success(request, _("%(name)s is in the room now.") % {"name": candidate.name})
    return redirect("room", room.id)


@require_POST
def take_out(request: HttpRequest, room_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Take a member out of the room; every image of it closes for them at once."""
    member = member_of(request)
    room = own_room(member.id, room_id)
    if (
        room is None
        or not moderates(member.id, room)
        or member_id not in {one.id for one, _moderates in people_in(room)}
    ):
        raise Http404
    remove_member(member, room, member_id)
    messages.success(request, _("Taken out of the room."))
    return redirect("room", room.id) if member_id != member.id else redirect("feed")


@require_POST
def leave(request: HttpRequest, room_id: uuid.UUID) -> HttpResponse:
    """Leave a room oneself."""
    member = member_of(request)
    room = own_room(member.id, room_id)
    if room is None:
        raise Http404
    remove_member(member, room, member.id)
    messages.success(request, _("You have left %(room)s.") % {"room": room.name})
    return redirect("feed")
