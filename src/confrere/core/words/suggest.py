"""What may stand in the place of a span, so that one tap writes it: [name], over 89, a district town, earlier."""

import re
from dataclasses import dataclass

from confrere.core.words.spans import Span

_PLAIN = {
    "name": "[name]",
    "known": "[patient]",
    "id": "[number]",
    "phone": "[phone]",
    "email": "[address]",
    "url": "[link]",
    "place": "[place]",
    "hospital": "[hospital]",
    "employer": "[employer]",
    "date": "[date]",
    "age": "over 89 years old",
}
_DOCTOR = re.compile(r"(?i)(?:dr|prof|doctor)\b|(?:डॉ|डा|ডা|ਡਾ|ડૉ|டாக்டர்|డాక్టర్|ಡಾ|ഡോ|ڈاکٹر)")
_KIN = re.compile(
    r"(?i)\b(son|daughter|husband|wife|mother|father|brother|sister|uncle|aunt|grandfather|"
    r"grandmother)(?:'s name)?\W{1,3}$"
)
_FROM = re.compile(r"(?i)\b(?:from|in|at|near|lives in|resident of|native of)\s$")
_PRIOR = re.compile(r"(?i)\b(?:in|on|since|dated|from)\s$")
_WITH_SEX = re.compile(r"(?i)(?<![a-z])(m|f|male|female)\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A span and the words that may take its place."""

    span: Span
    words: str


def suggest(text: str, span: Span) -> Suggestion:
    """What one tap writes in the place of a span of `text`; it never holds a word of the span."""
    taken, before = text[span.start : span.end], text[max(0, span.start - 24) : span.start]
    words = _PLAIN.get(span.kind, "[removed]")
    if span.kind == "name":
        kin = _KIN.search(before)
        words = "[colleague]" if _DOCTOR.match(taken) else f"[{kin[1].lower()}]" if kin else words
    elif span.kind == "place" and _FROM.search(before):
        words = "a district town"
    elif span.kind == "hospital" and _FROM.search(before):
        words = "another hospital"
    elif span.kind == "date" and _PRIOR.search(before):
        words = "[an earlier date]"
    elif span.kind == "age":
        words = _age(taken)
    return Suggestion(span, words)


def _age(taken: str) -> str:
    sex = _WITH_SEX.search(taken)
    if "old" in taken.lower() and "-" in taken:
        return "over-89-year-old"
    return "over 89" if sex is None else f"over 89/{sex[1][0].upper()}"


def replaced(text: str, suggestion: Suggestion) -> str:
    """The text with the suggestion in the place of its span."""
    return text[: suggestion.span.start] + suggestion.words + text[suggestion.span.end :]
