"""Giving up what is held. Audience: the sender alone; purpose: destroy the original now, not at the limit."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from confrere.apps.accounts.session import member_of
from confrere.apps.clearance.actions.shred import discard_held
from confrere.apps.intake.reads import own_intake


@require_POST
def destroy(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """Discard a held intake of the member's own."""
    member = member_of(request)
    if own_intake(member.id, intake_id) is None:
        raise Http404
    discard_held(str(member.id), intake_id)
    messages.success(request, _("Given up. The original is being destroyed."))
    return redirect("send")
