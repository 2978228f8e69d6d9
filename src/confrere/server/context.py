"""What every template needs: the address of the events, and whether this is the demo."""

from django.conf import settings
from django.http import HttpRequest


def events_url(request: HttpRequest) -> str:
    """The address of the events process: its own port on this host, or /events behind a proxy (port 0)."""
    port = settings.CONFIGURATION.events_port
    if not port or settings.CONFIGURATION.production:
        return "/events"
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return f"{request.scheme}://{host}:{port}/events"


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the page frame."""
    return {"events_url": events_url(request), "is_demo": settings.CONFIGURATION.demo}
