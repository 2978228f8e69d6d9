"""The clearance desk. Audience: the sender of the intake alone; purpose: look at pixels in doubt, mark, approve.

A look is a line in the ledger: the page says nothing of a picture until it has been opened by a POST, which writes it.
GET changes nothing.
"""

import json
import uuid
from dataclasses import asdict
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from confrere.adapters.clock import now
from confrere.apps.accounts.session import member_of
from confrere.apps.clearance.actions.approve import DeskError, Word, approve, note_look
from confrere.apps.clearance.desk_reads import Asked, desk_of, sheet_key_of, waiting_of_intake
from confrere.apps.clearance.desk_store import open_picture
from confrere.apps.intake.reads import own_intake
from confrere.core.terms import Broken

OPEN_FOR_S = 2 * 3600
_OPENED = "desks_opened"
_FIELDS = {"proposal", "regions", "kept", "rule"}


def _own(request: HttpRequest, intake_id: uuid.UUID) -> None:
    if own_intake(member_of(request).id, intake_id) is None:
        raise Http404


def _script_json(value: object) -> SafeString:
    """`value` as JSON that may stand inside a script element: no character in it can end one."""
    return mark_safe(json.dumps(value).translate({ord(one): f"\\u{ord(one):04x}" for one in "<>&"}))  # noqa: S308


def _told(asked: Asked) -> dict[str, object]:
    """One waiting image for the island; our own words and numbers alone."""
    told = asdict(asked)
    told |= {"proposal_id": str(asked.proposal_id), "series": str(asked.series)}
    told["reason"] = {"code": asked.reason.code, "message": asked.reason.message, "remedy": asked.reason.remedy}
    return told


@require_GET
def desk(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """The desk of one intake of the member's own; without anything that waits it says so."""
    _own(request, intake_id)
    waiting = waiting_of_intake(intake_id)
    asked = [_told(one) for one in desk_of(member_of(request).id, intake_id)]
    context = {
        "intake_id": intake_id,
        "asked": asked,
        "asked_json": _script_json(asked),
        "at_work": waiting.at_work if waiting else 0,
        "here": "send",
    }
    return render(request, "clearance/desk.html", context)


@require_POST
def open_desk(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """Write the look into the ledger; from then on this session may fetch the pictures for a while."""
    _own(request, intake_id)
    try:
        note_look(member_of(request), intake_id)
    except DeskError as fault:
        return JsonResponse({"error": str(fault)}, status=HTTPStatus.CONFLICT)
    opened = {name: at for name, at in request.session.get(_OPENED, {}).items() if now().timestamp() - at < OPEN_FOR_S}
    request.session[_OPENED] = {**opened, str(intake_id): now().timestamp()}
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_GET
def picture(request: HttpRequest, intake_id: uuid.UUID, proposal_id: uuid.UUID, place: int) -> HttpResponse:
    """One picture of a sheet, to the session that has opened the desk."""
    opened = request.session.get(_OPENED, {}).get(str(intake_id), 0)
    sheet_key = sheet_key_of(member_of(request).id, intake_id, proposal_id)
    if sheet_key is None or now().timestamp() - opened > OPEN_FOR_S:
        raise Http404
    try:
        shown = open_picture(intake_id, sheet_key, place)
    except (IndexError, Broken):
        raise Http404 from None
    return HttpResponse(shown, content_type="image/webp", headers={"Cache-Control": "private, no-store"})


def _words(request: HttpRequest) -> tuple[list[Word], bool]:
    """What the island sent; raises DeskError for anything else."""
    unclear = DeskError(_("This is not what the page sends. Load it again."))
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        raise unclear from None
    if not isinstance(said, dict) or not isinstance(said.get("images"), list):
        raise unclear
    words = []
    for one in said["images"]:
        if not isinstance(one, dict) or not set(one) <= _FIELDS or not isinstance(one.get("rule", ""), str):
            raise unclear
        try:
            proposal_id = uuid.UUID(str(one.get("proposal")))
        except ValueError:
            raise unclear from None
        words.append(Word(proposal_id, one.get("regions"), one.get("kept"), one.get("rule", "")))
    return words, said.get("remember") is True


@require_POST
def approve_images(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """Take the member's word on images that wait; all of them or, with a sentence why, none."""
    _own(request, intake_id)
    member = member_of(request)
    try:
        words, remember = _words(request)
        count = approve(member, intake_id, words, remember=remember)
    except DeskError as fault:
        return JsonResponse({"error": str(fault)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"approved": count, "left": len(desk_of(member.id, intake_id))})
