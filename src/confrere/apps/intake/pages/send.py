"""Sending a study. Audience: any member, for their own sending only; purpose: the browser's door, the address
of the DICOM node, and what became of what was sent, in plain words.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from confrere.apps.accounts.session import member_of
from confrere.apps.intake.reads import IntakeView, active_peers, recent_intakes

# What an intake's state means to its sender: (words, tone of the label, whether anything is still going on).
WORDS = {
    "receiving": (_("Being sent"), "busy"),
    "received": (_("In quarantine, waiting its turn"), "busy"),
    "clearing": (_("Being de-identified and checked"), "busy"),
    "ready": (_("Cleared: the draft is ready"), "good"),
    "held": (_("Held in quarantine"), "warn"),
    "refused": (_("Turned away; nothing was kept"), "warn"),
    "abandoned": (_("Given up before anything had come"), "quiet"),
    "expired": (_("The original was destroyed"), "quiet"),
    "ended": (_("Done; the original has been destroyed"), "quiet"),
}
AE_TITLE = "CONFRERE"


@dataclass(frozen=True, slots=True)
class Sent:
    """One intake with its words."""

    intake: IntakeView
    words: object
    tone: str


def _sent(request: HttpRequest) -> list[Sent]:
    return [Sent(one, *WORDS[one.state]) for one in recent_intakes(member_of(request).id)]


@require_GET
def send(request: HttpRequest) -> HttpResponse:
    """The door page."""
    configuration = settings.CONFIGURATION
    member_id = member_of(request).id
    everywhere = configuration.dicom_host in {"0.0.0.0", "::"}  # compared, not bound
    context = {
        "sent": _sent(request),
        "ae_title": AE_TITLE,
        "devices": [peer.ae_title for peer in active_peers() if peer.owner_id == member_id],
        "dicom_host": urlsplit(f"//{request.get_host()}").hostname if everywhere else configuration.dicom_host,
        "dicom_port": configuration.dicom_port,
        "quarantine_days": configuration.quarantine_days,
        "just_sent": "sent" in request.GET,
        "here": "send",
    }
    return render(request, "intake/send.html", context)


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """The list of what was sent, alone; fetched again when something has happened to it."""
    return render(request, "intake/_sent.html", {"sent": _sent(request)})
