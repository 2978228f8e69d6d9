"""Taking a posted case back. Audience: its author, and moderators of a room it stands in."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from confrere.apps.accounts.session import member_of
from confrere.apps.rooms.actions.rooms import RoomError, withdraw_case


@require_POST
def take_back(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Withdraw the case; its images close for everyone with the commit."""
    try:
        withdraw_case(member_of(request), case_id)
    except RoomError:
        # "Not found" and "not yours" look alike.
        raise Http404 from None
    messages.success(request, _("Taken back. Nobody can open it any more."))
    return redirect("feed")
