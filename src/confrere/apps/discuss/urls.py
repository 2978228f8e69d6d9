"""Table of contents of the discussion."""

from django.urls import path

from confrere.apps.discuss.pages import case

urlpatterns = [
    path("cases/<uuid:case_id>", case.case_page, name="case"),
    path("cases/<uuid:case_id>/thread", case.thread_part, name="thread"),
    path("cases/<uuid:case_id>/stack.json", case.stack, name="stack"),
    path("cases/<uuid:case_id>/read", case.read, name="read-case"),
    path("cases/<uuid:case_id>/comments", case.comments, name="comments"),
]
