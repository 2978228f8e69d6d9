"""WADO-RS for released series: metadata, frames, rendered. Audience: whoever the window lets see the instance.

Source: PS3.18 sections 10.4.1 (retrieve), 8.3.5 (rendered media types, window, viewport), Annex F (JSON model).
"""

import json
import re
from http import HTTPStatus

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from confrere.apps.accounts.session import member_of
from confrere.apps.release import window
from confrere.apps.release.previews import View, preview
from confrere.apps.release.window import Pane
from confrere.core.dicom.clinical import dicom_json
from confrere.core.dicom.render import decode_frame

LONGEST_SIDE = 2048
_WINDOW = re.compile(
    r"(-?\d{1,6}(?:\.\d{1,4})?),(\d{1,6}(?:\.\d{1,4})?)(?:,(?:linear|linear-exact|sigmoid))?", re.ASCII
)
_VIEWPORT = re.compile(r"(\d{1,4}),(\d{1,4})", re.ASCII)


def _pane(request: HttpRequest, study: str, series: str, sop: str) -> Pane:
    """The instance asked for, through the window; Http404 when it is not there or not for this member."""
    found = window.instance(member_of(request).id, study, series, sop)
    if found is None:
        raise Http404
    return found


def _frame(pane: Pane, frame: int) -> int:
    frames = pane.facts.get("frames")
    if not 1 <= frame <= (frames if isinstance(frames, int) else 1):
        raise Http404
    return frame


@require_GET
def series_metadata(request: HttpRequest, study: str, series: str) -> HttpResponse:
    """The DICOM JSON of every instance of a series, without pixels."""
    panes = window.series_of(member_of(request).id, study, series)
    if not panes:
        raise Http404
    body = [dicom_json(window.read(pane)) for pane in panes]
    return HttpResponse(json.dumps(body), content_type="application/dicom+json")


@require_GET
def frame_pixels(request: HttpRequest, address: tuple[str, str, str], frame: int) -> HttpResponse:
    """One frame's native pixels, little endian, as application/octet-stream (single part)."""
    pane = _pane(request, *address)
    pixels = decode_frame(window.read(pane), _frame(pane, frame))
    body = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False)).tobytes()
    return HttpResponse(body, content_type="application/octet-stream")


def _asked_view(request: HttpRequest, frame: int) -> View | None:
    asked_window, asked_viewport = request.GET.get("window"), request.GET.get("viewport")
    window_match = _WINDOW.fullmatch(asked_window) if asked_window else None
    viewport_match = _VIEWPORT.fullmatch(asked_viewport) if asked_viewport else None
    if (asked_window and not window_match) or (asked_viewport and not viewport_match):
        return None
    level = (float(window_match[1]), max(float(window_match[2]), 1.0)) if window_match else None
    size = (int(viewport_match[1]), int(viewport_match[2])) if viewport_match else None
    if size and not all(1 <= side <= LONGEST_SIDE for side in size):
        return None
    accept = request.headers.get("Accept", "")
    webp = "image/webp" in accept or "image/jpeg" not in accept
    return View(frame, level, size, "image/webp" if webp else "image/jpeg")


@require_GET
def frame_rendered(request: HttpRequest, address: tuple[str, str, str], frame: int) -> HttpResponse:
    """One frame rendered at the asked window and size, as WebP (JPEG if only that is accepted)."""
    pane = _pane(request, *address)
    view = _asked_view(request, _frame(pane, frame))
    if view is None:
        words = "window is centre,width[,linear]; viewport is columns,rows up to 2048.\n"
        return HttpResponse(words, status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    response = HttpResponse(preview(pane, view), content_type=view.media_type)
    # The browser may keep the image but must ask the window each time before it shows it again.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{view.key(pane.sha256).rsplit("/", 1)[1]}-{pane.sha256[:16]}"'
    response["Vary"] = "Accept, Cookie"
    if request.headers.get("If-None-Match") == response["ETag"]:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": response["ETag"]})
    return response
