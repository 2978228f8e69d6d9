"""Who is asking: the signed-in member behind a request, for the pages of every station."""

from django.http import HttpRequest

from confrere.apps.accounts.models import Member


def member_of(request: HttpRequest) -> Member:
    """The signed-in member; the middleware has turned strangers away before any page is asked."""
    assert isinstance(request.user, Member)  # noqa: S101  # narrows the type; strangers never come here
    return request.user
