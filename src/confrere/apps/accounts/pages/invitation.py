"""Accepting an invitation. Audience: whoever holds the link; purpose: enrol one verified person, once."""

from http import HTTPStatus

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from confrere.apps.accounts.actions.invitations import Acceptance, InvitationError, accept, open_invitation


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form of an invitation that is still good, and enrol the person who fills it in."""
    found = open_invitation(token)
    if found is None:
        raise Http404
    context: dict[str, object] = {"institution": found.institution.name, "role": found.get_role_display()}
    if request.method == "GET":
        return render(request, "accounts/invitation.html", context)
    answer = Acceptance(
        username=request.POST.get("username", "")[:80],
        display_name=request.POST.get("display_name", "")[:120],
        registration_number=request.POST.get("registration_number", "")[:40],
        password=request.POST.get("password", ""),
    )
    try:
        member = accept(token, answer)
    except InvitationError as fault:
        context |= {"error": str(fault), "answer": answer}
        return render(request, "accounts/invitation.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    login(request, member)
    return redirect("feed")
