"""The live check of what a member is writing. Audience: whoever is signed in; purpose: see it before it is posted."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from confrere.apps.cases.actions.words import Checked, WordsError, check
from confrere.apps.cases.actions.words import Mark as WordMark

# A comment's field and a question's; each form has one of them.
FIELDS = ("text", "question")


def pieces(checked: Checked) -> Iterator[tuple[str, WordMark | None]]:
    """The text cut at its marks, for a template that underlines them."""
    at = 0
    for mark in checked.marks:
        if mark.span.start > at:
            yield checked.text[at : mark.span.start], None
        yield mark.words, mark
        at = mark.span.end
    if at < len(checked.text):
        yield checked.text[at:], None


def words_context(text: str, confirmed: list[str]) -> dict[str, object]:
    """What the part with the marks needs: the pieces of the text and its marks, or why it could not be checked."""
    try:
        checked = check(text, confirmed)
    except WordsError as fault:
        return {"words_fault": str(fault)}
    return {"words_pieces": list(pieces(checked)), "words_marks": checked.marks}


@require_POST
def check_words(request: HttpRequest) -> HttpResponse:
    """The marks of a text that is being written; nothing of it is kept."""
    text = next((request.POST[name] for name in FIELDS if name in request.POST), "")
    return render(request, "cases/_words.html", words_context(text, request.POST.getlist("confirmed")))
