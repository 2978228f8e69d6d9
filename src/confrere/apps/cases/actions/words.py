"""The one way for a member's words into a case: each question and comment passes here before it is kept.

What is surely an identifier must be replaced; what is not certain a person confirms, each by itself, and a ledger
line says who confirmed how many of which kind, without the words.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from confrere.adapters.name_network import load_name_network
from confrere.apps.accounts.models import Member
from confrere.apps.audit.actions.record import record
from confrere.core.terms import Broken, reason
from confrere.core.words import Span, find_identifiers, sound_text
from confrere.core.words.suggest import Suggestion, replaced, suggest

LONGEST = 4000


class WordsError(Exception):
    """The words cannot be kept as they are; the message is for the member."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span as a page shows it: its words, what may take their place, and whether the member confirmed it."""

    suggestion: Suggestion
    words: str
    token: str
    confirmed: bool

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.suggestion.span

    @property
    def stands(self) -> bool:
        """Whether it still keeps the words from being posted."""
        return self.span.sure or not self.confirmed


@dataclass(frozen=True, slots=True)
class Checked:
    """A text with its marks, in order."""

    text: str
    marks: tuple[Mark, ...]


def check(text: str, confirmed: Collection[str] = ()) -> Checked:
    """Find the identifiers in what a member wrote; `confirmed` holds the tokens of the marks they said are none.

    Raises WordsError when the text is no text, is too long, or the engine cannot do its work: then nothing is kept.
    """
    if len(text) > LONGEST:
        raise WordsError("At most 4,000 characters.")
    try:
        sound = sound_text(text.replace("\0", "").encode("utf-8"))
        spans = find_identifiers(sound, names=load_name_network())
    except UnicodeEncodeError:
        raise WordsError(reason("bad-text").message) from None
    except Broken:
        raise WordsError(reason("words-not-checked").message) from None
    return Checked(sound, tuple(_mark(sound, span, confirmed) for span in spans))


def _mark(text: str, span: Span, confirmed: Collection[str]) -> Mark:
    words = text[span.start : span.end]
    token = hashlib.blake2b(f"{span.kind}:{words}".encode(), digest_size=12).hexdigest()
    return Mark(suggest(text, span), words, token, token in confirmed)


def checked_words(text: str, confirmed: Collection[str]) -> Checked:
    """The text, when nothing in it stands against keeping it.

    Raises WordsError while a sure identifier is in it, or an uncertain one that nobody has confirmed.
    """
    checked = check(text, confirmed)
    if any(mark.stands for mark in checked.marks):
        said = reason("looks-like-identifier")
        raise WordsError(f"{said.message} {said.remedy}")
    return checked


def record_confirmed(author: Member, case_id: uuid.UUID, where: str, checked: Checked) -> None:
    """Write down what the author confirmed, by count and kind alone; the caller holds the transaction."""
    if checked.marks:
        kinds = Counter(mark.span.kind for mark in checked.marks)
        record(str(author.id), "words.confirmed", str(case_id), {"where": where, "kinds": dict(sorted(kinds.items()))})


def with_replacement(text: str, wanted: str) -> str:
    """The text with the suggestion of the mark whose token is `wanted`; unchanged when there is none now."""
    for mark in check(text).marks:
        if mark.token == wanted:
            return replaced(text.replace("\0", ""), mark.suggestion)
    return text
