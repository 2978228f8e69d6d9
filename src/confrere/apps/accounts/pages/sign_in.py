"""Signing in and out. Audience: anyone at the door; purpose: let members in and tell strangers nothing."""

from typing import Any  # Any: Django's template context is free-form

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView

from confrere.apps.accounts.reads import demo_logins


class SignIn(LoginView):
    """Ask for sign-in name and password; in a demo home, list the demo members."""

    template_name = "sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the demo members where this is a demo."""
        found = super().get_context_data(**kwargs)
        found["demo_logins"] = demo_logins() if settings.CONFIGURATION.demo else []
        return found


class SignOut(LogoutView):
    """End the session; POST only."""

    next_page = "/sign-in"
    http_method_names = ["post", "options"]  # noqa: RUF012  # Django's own attribute, read only
