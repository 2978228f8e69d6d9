"""What every request passes: bodies that are unclear are refused, headers are strict, strangers sign in."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from confrere.core.terms import reason
from confrere.server.context import events_url

Answer = Callable[[HttpRequest], HttpResponseBase]

OPEN_PATHS = ("/healthz", "/sign-in", "/invitations/")


def refusal(code: str, status: int) -> HttpResponse:
    """A typed refusal as JSON: code, what happened, what to do."""
    words = reason(code)
    body = {"reason": code, "message": words.message, "remedy": words.remedy}
    return JsonResponse(body, status=status)


def refuse_unclear_bodies(get_response: Answer) -> Answer:
    """Refuse a body whose length is not stated once and plainly (400) or that comes compressed (415).

    A request with both Content-Length and Transfer-Encoding reaches us with the latter alone: the web server has
    dropped the former. No browser sends a chunked body to our doors, so every Transfer-Encoding is refused.
    Source: RFC 9112 section 6.3.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return refusal("ambiguous-length", 400)
        if request.META.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
            return refusal("encoding-not-allowed", 415)
        return get_response(request)

    return answer


def content_security(get_response: Answer) -> Answer:
    """Send the strict policy, with this installation's events address as the one extra connection."""
    inner = CSPMiddleware(get_response)

    def answer(request: HttpRequest) -> HttpResponseBase:
        address = urlsplit(events_url(request))
        # Typed for async as well; this is the WSGI side.
        response = cast("HttpResponseBase", inner(request))
        if address.netloc:
            policy = response.headers.get("Content-Security-Policy", "")
            allowed = f"connect-src 'self' {address.scheme}://{address.netloc}"
            response.headers["Content-Security-Policy"] = policy.replace("connect-src 'self'", allowed)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def signed_in_only(get_response: Answer) -> Answer:
    """Let strangers see the sign-in page, an invitation and the health check, and nothing else."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated or request.path.startswith(OPEN_PATHS):
            return get_response(request)
        if "HX-Request" in request.headers:
            # A part of a page whose session has ended: the whole page goes to the door, not the part.
            return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_URL})
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return redirect_to_login(request.get_full_path())
        # "Not found" and "not yours" look alike, to strangers too.
        return HttpResponse("Not found\n", status=404, content_type="text/plain")

    return answer
