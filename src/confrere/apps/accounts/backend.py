"""Who may sign in: active members; demo members only in a demo home and from this machine."""

from typing import Any  # Any: Django hands credentials on as they come

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from confrere.apps.accounts.models import Member

LOOPBACK = ("127.0.0.1", "::1", "")


class MemberBackend(ModelBackend):
    """Password sign-in for members. Asked at sign-in and again at every request."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Member | None:
        """The member whose password this is, or None; a demo member never from another machine."""
        found = super().authenticate(request, username, password, **kwargs)
        if not isinstance(found, Member):
            return None
        from_here = request is None or request.META.get("REMOTE_ADDR", "") in LOOPBACK
        return found if from_here or not found.is_demo else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the account is good in this home: active, and no demo account outside a demo home."""
        is_good = bool(super().user_can_authenticate(user))
        return is_good and (not user.is_demo or bool(settings.CONFIGURATION.demo))
