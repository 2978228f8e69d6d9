"""What the engine says of a text: spans, each of one kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

KINDS = ("name", "date", "age", "id", "phone", "email", "url", "place", "hospital", "employer", "known")
"""The kinds of span; `known` is an identifier of this very patient, found by what the upload said of him."""


@dataclass(frozen=True, slots=True)
class Span:
    """An identifier in a text.

    `start` and `end` count Unicode code points of the text as it was given, `score` is 0 to 1. `sure`: it is an
    identifier and has to be replaced; otherwise a person may say that it is none.
    """

    start: int
    end: int
    kind: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class NameGuess:
    """What a network says of a stretch of text: `kind` is name or place, `score` its probability."""

    start: int
    end: int
    kind: str
    score: float


NameFinder = Callable[[str], Sequence[NameGuess]]
"""A network that knows names; offsets are code points of the text it is given. It raises, or it answers; it is never
asked to be silent about a fault."""

SURE = 0.8
"""At this score and above a span is sure."""


def found(start: int, end: int, kind: str, score: float) -> Span:
    """A span that is sure when its score says so."""
    return Span(start, end, kind, score, score >= SURE)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order and apart: of those that overlap the surest gives the kind, and all of their letters stay in."""
    every = sorted((span for span in spans if span.end > span.start), key=lambda span: (span.start, -span.end))
    result: list[Span] = []
    for span in every:
        if not result or span.start >= result[-1].end:
            result.append(span)
            continue
        last = result[-1]
        best = max(last, span, key=lambda one: (one.score, one.end - one.start))
        sure = last.sure or span.sure
        result[-1] = Span(last.start, max(last.end, span.end), best.kind, best.score, sure)
    return result
