"""What other stations' templates may show of rooms: the rail of every page, and where a case stands.

Pages upstream and beside cannot import this station; their templates ask for these parts by name.
"""

import uuid

from django import template
from django.template.context import RequestContext

from confrere.apps.rooms.reads import Standing, can_found_rooms, drafts_of, rooms_of, standing_of

register = template.Library()


@register.inclusion_tag("rooms/_rail.html", takes_context=True)
def rail(context: RequestContext) -> dict[str, object]:
    """The way about: feed, the member's rooms, sending, drafts, people, oneself."""
    member = context["request"].user
    return {
        "request": context["request"],
        "member": member,
        "rooms": rooms_of(member.id),
        "draft_count": len(drafts_of(member.id)),
        "is_moderator": can_found_rooms(member),
        "here": context.get("here", ""),
        "here_room": context.get("here_room"),
    }


@register.simple_tag(takes_context=True)
def standing(context: RequestContext, case_id: uuid.UUID) -> Standing:
    """Where a case stands for the member who asks."""
    return standing_of(context["request"].user.id, case_id)
