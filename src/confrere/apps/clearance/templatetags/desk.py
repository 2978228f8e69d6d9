"""What other stations' templates may show of the clearance desk; they ask for these parts by name."""

import uuid

from django import template
from django.template.context import RequestContext

from confrere.apps.clearance.desk_reads import Waiting, waiting_of_case, waiting_of_intake, waiting_of_member
from confrere.apps.clearance.head_reads import HeadView, heads_of_case

register = template.Library()


@register.simple_tag
def waiting_looks(intake_id: uuid.UUID) -> Waiting | None:
    """What of an intake waits for its sender's look, else None; shown to the sender alone."""
    return waiting_of_intake(intake_id)


@register.simple_tag(takes_context=True)
def my_looks(context: RequestContext) -> list[Waiting]:
    """What waits for the look of the member who asks, by intake."""
    return waiting_of_member(context["request"].user.id)


@register.simple_tag
def looks_of_case(case_id: uuid.UUID) -> list[Waiting]:
    """What of a draft's study waits for its author's look, by intake."""
    return waiting_of_case(case_id)


@register.simple_tag(name="heads_of_case")
def told_heads(case_id: uuid.UUID) -> list[HeadView]:
    """What is said of the heads of a draft; shown to its author alone."""
    return heads_of_case(case_id)
