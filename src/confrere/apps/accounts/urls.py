"""Table of contents of the accounts station."""

from django.urls import path

from confrere.apps.accounts.pages import invitation, people, sign_in

urlpatterns = [
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out", sign_in.SignOut.as_view(), name="sign-out"),
    path("invitations/<str:token>", invitation.invitation, name="invitation"),
    path("people", people.people, name="people"),
    path("me", people.me, name="me"),
]
