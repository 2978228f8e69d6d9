"""The heads of a draft. Audience: its author alone; purpose: say what others will see of them, and let her compare."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from confrere.apps.accounts.session import member_of
from confrere.apps.clearance.actions.heads import choose_slices, look_again
from confrere.apps.clearance.desk_store import open_strip
from confrere.apps.clearance.head_reads import are_faces_due, heads_of_case, is_own_draft, strip_of


def _own(request: HttpRequest, case_id: uuid.UUID) -> uuid.UUID:
    member_id = member_of(request).id
    if not is_own_draft(member_id, case_id):
        raise Http404
    return member_id


def heads_part(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The part of the draft page that tells of heads."""
    return render(request, "clearance/_heads.html", {"heads": heads_of_case(case_id), "case_id": case_id})


@require_GET
def heads(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """What is said of the heads of a draft; fetched again when one was looked at."""
    _own(request, case_id)
    return heads_part(request, case_id)


@require_GET
def ready(request: HttpRequest, case_id: uuid.UUID) -> JsonResponse:
    """Whether a post of the draft would have to wait no more."""
    _own(request, case_id)
    return JsonResponse({"ready": not are_faces_due(case_id)})


@require_GET
def strip(request: HttpRequest, case_id: uuid.UUID, look_id: uuid.UUID, name: str) -> HttpResponse:
    """The seven renderings of a head, before or after the cut."""
    key = strip_of(_own(request, case_id), case_id, look_id, name)
    if key is None:
        raise Http404
    response = HttpResponse(open_strip(key), content_type="image/webp")
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def choose(request: HttpRequest, case_id: uuid.UUID, look_id: uuid.UUID) -> HttpResponse:
    """Hand on the single slices that were proposed; answers with the part of the page that says so, or leads there."""
    _own(request, case_id)
    if not choose_slices(member_of(request), look_id):
        raise Http404
    if request.headers.get("HX-Request"):
        # What she has written stays as it is.
        return heads_part(request, case_id)
    messages.success(request, _("These single slices will be handed on, and nothing else of the series."))
    return redirect("draft", case_id)


@require_POST
def again(request: HttpRequest, case_id: uuid.UUID, look_id: uuid.UUID) -> HttpResponse:
    """Look once more where the look itself failed; answers as `choose`."""
    _own(request, case_id)
    if not look_again(member_of(request), look_id):
        raise Http404
    return heads_part(request, case_id) if request.headers.get("HX-Request") else redirect("draft", case_id)
