"""Table of contents of the cases station."""

from django.urls import path

from confrere.apps.cases.pages import words

urlpatterns = [path("words/check", words.check_words, name="check-words")]
