"""The people of one's own institution. Audience: its moderators and administrators; purpose: to invite."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from confrere.apps.accounts.actions.invitations import InvitationError, invite
from confrere.apps.accounts.reads import members_of, roles_to_invite
from confrere.apps.accounts.session import member_of


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """List the members; POST makes an invitation and shows its link this once."""
    member = member_of(request)
    roles = roles_to_invite(member)
    if not roles:
        raise Http404
    context: dict[str, object] = {
        "members": members_of(member.institution_id),
        "roles": roles,
        "here": "people",
    }
    if request.method == "GET":
        return render(request, "accounts/people.html", context)
    role = request.POST.get("role", "")
    try:
        if role not in dict(roles):
            raise InvitationError("Choose one of the roles offered.")
        token = invite(member, role)
    except InvitationError as fault:
        context["error"] = str(fault)
        return render(request, "accounts/people.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context["link"] = request.build_absolute_uri(reverse("invitation", args=[token]))
    return render(request, "accounts/people.html", context)


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who one is signed in as, and the way out. Audience: the member alone."""
    return render(request, "accounts/me.html", {"here": "me"})
