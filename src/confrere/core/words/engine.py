"""Find what names a person in free text: known identity, rules, words, and a network that comes in as an argument."""

from collections.abc import Iterator

from confrere.core.words.addresses import find_addresses
from confrere.core.words.dates import find_dates
from confrere.core.words.houses import find_houses
from confrere.core.words.known import NOTHING, Known, find_known
from confrere.core.words.names import find_names, is_eponym
from confrere.core.words.native import find_native
from confrere.core.words.numbers import find_numbers
from confrere.core.words.places import find_places
from confrere.core.words.reading import read
from confrere.core.words.spans import NameFinder, NameGuess, Span, found, merged
from confrere.core.words.tokens import LOWER, UPPER, Tokens, cut
from confrere.core.words.vocabulary import ORDINARY, UNKNOWN, likeness, vocabulary

_ENOUGH_FOR_DOUBTFUL = 0.85


def find_identifiers(text: str, known: Known = NOTHING, names: NameFinder | None = None) -> tuple[Span, ...]:
    """The identifiers in `text`, in order and apart; offsets are code points of `text`.

    `known` is what the upload says of this patient, `names` a network asked as well. Whatever `names` raises is raised:
    a network that fails has not found nothing. Time grows with the length of the text alone.
    """
    reading = read(text)
    tokens = cut(reading.plain)
    spans = [
        *find_known(reading.plain, known),
        *find_numbers(tokens),
        *find_dates(tokens),
        *find_houses(tokens),
        *find_addresses(tokens),
        *find_places(tokens),
        *find_names(tokens),
        *find_native(reading.plain),
    ]
    if names is not None:
        spans += _guessed(tokens, names)
    return tuple(Span(*reading.back(span.start, span.end), span.kind, span.score, span.sure) for span in merged(spans))


def _guessed(tokens: Tokens, names: NameFinder) -> Iterator[Span]:
    """What the network says, where the word is none that everyone uses."""
    guesses = sorted(names(tokens.plain), key=lambda guess: guess.start)
    chances: dict[int, list[NameGuess]] = {}
    at = 0
    for guess in guesses:
        while at < len(tokens.words) and tokens.ends[at] <= guess.start:
            at += 1
        inside = at
        while inside < len(tokens.words) and tokens.starts[inside] < guess.end:
            chances.setdefault(inside, []).append(guess)
            inside += 1
    for place, told in sorted(chances.items()):
        best = sum(guess.score for guess in told) / len(told)
        if best >= _needed(tokens, place):
            yield found(tokens.starts[place], tokens.ends[place], told[0].kind, min(best, 0.75))


def _needed(tokens: Tokens, at: int) -> float:
    """The probability that makes a word a name: impossible for an ordinary word, lower for one that no list has."""
    kind, lower = tokens.kinds[at], tokens.lowers[at]
    if is_eponym(tokens, at, kind):
        return 2.0
    if kind == ORDINARY or lower in vocabulary().allowed or len(lower) < (5 if tokens.shapes[at] == UPPER else 3):
        return 2.0
    if kind == UNKNOWN:
        built = likeness(lower)
        if tokens.shapes[at] == LOWER:
            return 0.8 if built >= 4 else 0.97 if built >= -4 and len(lower) > 3 else 2.0
        return 0.5 if built >= -4 else 0.85
    if tokens.shapes[at] == LOWER and lower in vocabulary().ordinary:
        return 2.0
    return _ENOUGH_FOR_DOUBTFUL if lower in vocabulary().ordinary else 0.6
