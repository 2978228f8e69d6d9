"""The browser's door: resumable uploads into an intake. Audience: any member, for their own intakes only.

Source: tus resumable upload protocol 1.0.0 (core, creation, checksum).
"""

import base64
import binascii
import fcntl
import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.http import require_http_methods, require_POST

from confrere.apps.accounts.session import member_of
from confrere.apps.intake.actions.receive import (
    MAX_ARRIVAL_BYTES,
    ArrivalPlace,
    add_arrival,
    append_bytes,
    close_broken_intake,
    complete_intake,
    open_intake,
)
from confrere.apps.intake.models import Door
from confrere.apps.intake.reads import own_arrival, own_intake
from confrere.core.terms import Refused, reason

TUS = {
    "Tus-Resumable": "1.0.0",
    "Tus-Version": "1.0.0",
    "Tus-Extension": "creation,checksum",
    "Tus-Checksum-Algorithm": "sha256,sha1",
    "Tus-Max-Size": str(MAX_ARRIVAL_BYTES),
}
SEGMENT_BYTES = 4 << 20
STATUS = {
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too-many-files": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "upload-mismatch": HTTPStatus.CONFLICT,
    "truncated": HTTPStatus.CONFLICT,
    "timeout": HTTPStatus.GONE,
}
CHECKSUM_MISMATCH = 460


def _refusal(stop: Refused, status: int | None = None) -> HttpResponse:
    words = reason(stop.code)
    body = {"reason": stop.code, "message": words.message, "remedy": words.remedy}
    return JsonResponse(body, status=status or STATUS.get(stop.code, HTTPStatus.BAD_REQUEST), headers=TUS)


@require_POST
def new_intake(request: HttpRequest) -> HttpResponse:
    """Open an intake and tell where its files go."""
    intake = open_intake(member_of(request), Door.UPLOAD)
    return JsonResponse({"id": str(intake.id), "upload_url": "/uploads/"}, status=HTTPStatus.CREATED)


@require_POST
def finish_intake(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """Say that every file of an intake has come; answered only once that is committed."""
    member = member_of(request)
    if own_intake(member.id, intake_id) is None:
        raise Http404
    try:
        state = complete_intake(str(member.id), intake_id)
    except Refused as stop:
        return _refusal(stop)
    return JsonResponse({"id": str(intake_id), "state": state})


@require_POST
def abandon_intake(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """Give up an upload: what came whole goes on, the rest is dropped."""
    member = member_of(request)
    if own_intake(member.id, intake_id) is None:
        raise Http404
    return JsonResponse({"id": str(intake_id), "state": close_broken_intake(str(member.id), intake_id)})


def _metadata(request: HttpRequest) -> dict[str, str]:
    """The Upload-Metadata pairs; a value that is not base64 of UTF-8 is dropped."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _whole_number(header: str) -> int | None:
    """The number a header tells, None unless it is plain digits; 19 of them hold any length there is."""
    return int(header) if header.isascii() and header.isdigit() and len(header) <= 19 else None


@require_http_methods(["POST", "OPTIONS"])
def create_upload(request: HttpRequest) -> HttpResponse:
    """Announce one file of an intake (tus creation)."""
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=TUS)
    length = _whole_number(request.headers.get("Upload-Length", ""))
    if length is None or length > MAX_ARRIVAL_BYTES:
        return _refusal(Refused("too-large"))
    told = _metadata(request)
    try:
        intake = own_intake(member_of(request).id, uuid.UUID(told.get("intake", "")))
    except ValueError:
        intake = None
    if intake is None:
        raise Http404
    suffix = "".join(letter for letter in told.get("ext", "").lower() if letter.isascii() and letter.isalnum())
    try:
        place = add_arrival(intake, suffix, length)
    except Refused as stop:
        return _refusal(stop)
    if length == 0:
        place = append_bytes(place.arrival_id, 0, b"")
    headers = {**TUS, "Location": f"/uploads/{place.arrival_id}"}
    return HttpResponse(status=HTTPStatus.CREATED, headers=headers)


@require_http_methods(["HEAD", "PATCH"])
def upload(request: HttpRequest, arrival_id: uuid.UUID) -> HttpResponse:
    """Tell how far an upload is (HEAD), or take its next bytes (PATCH)."""
    arrival = own_arrival(member_of(request).id, arrival_id)
    if arrival is None:
        raise Http404
    if request.method == "HEAD":
        headers = {
            **TUS,
            "Upload-Offset": str(arrival.received_size),
            "Upload-Length": str(arrival.declared_size),
            "Cache-Control": "no-store",
        }
        return HttpResponse(status=HTTPStatus.OK, headers=headers)
    if request.content_type != "application/offset+octet-stream":
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, headers=TUS)
    offset = _whole_number(request.headers.get("Upload-Offset", ""))
    if offset is None or offset != arrival.received_size:
        return _refusal(Refused("upload-mismatch"))
    with _only_writer(arrival_id) as alone:
        if not alone:
            return HttpResponse(status=HTTPStatus.LOCKED, headers=TUS)
        return _take(request, arrival_id, offset)


@contextmanager
def _only_writer(arrival_id: uuid.UUID) -> Iterator[bool]:
    """Hold the arrival for one request at a time, across worker processes of this machine."""
    folder = settings.CONFIGURATION.run / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / arrival_id.hex
    with path.open("wb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
        path.unlink(missing_ok=True)


def _take(request: HttpRequest, arrival_id: uuid.UUID, offset: int) -> HttpResponse:
    """Append the request's body; a body that breaks off keeps what has come, so that little is sent again."""
    check = _checksum(request)
    if check is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST, headers=TUS)
    place: ArrivalPlace | None = None
    try:
        for piece in _pieces(request):
            if not check(piece):
                return _refusal(Refused("upload-mismatch"), CHECKSUM_MISMATCH)
            place = append_bytes(arrival_id, offset, piece)
            offset = place.received
    except Refused as stop:
        return _refusal(stop)
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={**TUS, "Upload-Offset": str(offset)})


def _checksum(request: HttpRequest) -> Callable[[bytes], bool] | None:
    """A check of the body against Upload-Checksum (one segment at most); None for a header that makes no sense."""
    header = request.headers.get("Upload-Checksum", "")
    if not header:
        return lambda piece: True
    algorithm, _, told = header.partition(" ")
    if algorithm not in {"sha1", "sha256"} or int(request.headers.get("Content-Length") or 0) > SEGMENT_BYTES:
        return None
    try:
        expected = base64.b64decode(told, validate=True)
    except binascii.Error:
        return None
    # usedforsecurity=False: the tus protocol's own check against a broken line, not a signature.
    return lambda piece: hashlib.new(algorithm, piece, usedforsecurity=False).digest() == expected


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body in segments; what was read before the line broke is still given."""
    buffer = bytearray()
    while True:
        try:
            read = request.read(min(1 << 20, SEGMENT_BYTES - len(buffer)))
        except (UnreadablePostError, OSError):
            read = b""
        buffer += read
        if len(buffer) >= SEGMENT_BYTES or (not read and buffer):
            yield bytes(buffer)
            buffer.clear()
        if not read:
            return
