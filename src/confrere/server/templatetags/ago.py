"""How long ago something was, in the few letters a card has room for."""

from datetime import datetime

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from confrere.adapters.clock import now

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400


def time_since(then: datetime, at: datetime) -> str:
    """The time from `then` to `at`: "now", minutes, hours, days, and from a week on the date."""
    seconds = (at - then).total_seconds()
    if seconds < MINUTE:
        return _("now")
    if seconds < HOUR:
        return _("%(n)d min") % {"n": seconds // MINUTE}
    if seconds < DAY:
        return _("%(n)d h") % {"n": seconds // HOUR}
    if seconds < 7 * DAY:
        return _("%(n)d d") % {"n": seconds // DAY}
    return formats.date_format(then, "j M Y")


@register.filter
def ago(then: datetime) -> str:
    """How long ago `then` was."""
    return time_since(then, now())
