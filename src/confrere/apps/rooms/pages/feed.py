"""The feed. Audience: any member, for the rooms they stand in; purpose: see at a glance what is new."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from confrere.apps.accounts.session import member_of
from confrere.apps.rooms.reads import drafts_of, feed, rooms_of


@require_GET
def feed_page(request: HttpRequest) -> HttpResponse:
    """Newest cases of all one's rooms, one's drafts on top."""
    member = member_of(request)
    context = {
        "cards": feed(member.id),
        "drafts": drafts_of(member.id),
        "rooms": rooms_of(member.id),
        "here": "feed",
    }
    return render(request, "rooms/feed.html", context)


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """The cards alone; fetched again when something has changed."""
    return render(request, "rooms/_cards.html", {"cards": feed(member_of(request).id)})
