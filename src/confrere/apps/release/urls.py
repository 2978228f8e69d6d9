"""Table of contents of the release window."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, register_converter

from confrere.apps.release.pages import dicomweb


class UidConverter:
    """A DICOM UID in a path: digits and dots, at most 64 (PS3.5 section 9.1)."""

    regex = r"[0-9.]{1,64}"

    def to_python(self, value: str) -> str:
        """The UID as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The UID as it stands."""
        return value


register_converter(UidConverter, "uid")

FRAME = "studies/<uid:study>/series/<uid:series>/instances/<uid:sop>/frames/<int:frame>"


def _pixels(request: HttpRequest, study: str, series: str, sop: str, frame: int) -> HttpResponse:
    return dicomweb.frame_pixels(request, (study, series, sop), frame)


def _rendered(request: HttpRequest, study: str, series: str, sop: str, frame: int) -> HttpResponse:
    return dicomweb.frame_rendered(request, (study, series, sop), frame)


urlpatterns = [
    path("studies/<uid:study>/series/<uid:series>/metadata", dicomweb.series_metadata, name="series-metadata"),
    path(FRAME, _pixels, name="frame"),
    path(f"{FRAME}/rendered", _rendered, name="rendered"),
]
