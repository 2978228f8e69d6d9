"""Table of contents of the intake's pages; the doors have their own."""

from django.urls import path

from confrere.apps.intake.pages import send

urlpatterns = [
    path("send", send.send, name="send"),
    path("send/sent", send.sent, name="sent"),
]
