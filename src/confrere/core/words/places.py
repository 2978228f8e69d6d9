"""Places in Latin letters: from the list, by their endings, after the words that announce one."""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found
from confrere.core.words.surroundings import (
    CUE,
    CUE_ENDS,
    ROADS,
    SMALL_HEADS,
    STOPS_LEFT,
    STRONG_CUE,
    ends_in_road,
    regions,
)
from confrere.core.words.tokens import LOWER, TITLE, UPPER, Tokens
from confrere.core.words.vocabulary import (
    DOUBTFUL,
    NAME,
    ORDINARY,
    PLACE,
    PLACE_DOUBTFUL,
    UNKNOWN,
    likeness,
    vocabulary,
)

_WEAK_HEADS = frozenset(
    "st main path circle gate park hill hills camp complex bridge cross stop extension heights factory mill "
    "garden para town market estate fields lake beach mall lane village district dist junction highway temple "
    "church quarters plaza".split()
)
_NEAR_WORDS = frozenset("from near at in opp opposite behind beside of village district".split())
_WORTH = re.compile(f"[{PLACE}{PLACE_DOUBTFUL}{UNKNOWN}{NAME}{DOUBTFUL}]")
_PIN_AFTER = re.compile(r"[\s,.\-:()]{0,4}(?:(?i:pin(?:code)?)[\s:\-]{0,3})?[1-9]\d{2} ?\d{3}(?!\d)")
_NUMBER_BEFORE = re.compile(r"(?:\b(?:No|no)\.? ?)?\b\d{1,5}(?:[/\-]\d{1,4}){0,3}[A-Z]?,? \Z")
_TAILS = frozenset("station district dist taluk taluka tehsil city town village area side bypass".split())
"""Words behind a place that belong to it, in small letters too."""
_SIDES = frozenset("east west north south".split())
_CHAIN_GAP = re.compile(r",? {1,2}\Z|-\Z|,\Z")
_ROAD_LEFT = re.compile(r" {1,2}|\. ?|-")


def find_places(tokens: Tokens) -> Iterator[Span]:
    """Places and roads; offsets are those of the reading."""
    for at in tokens.where(ROADS):
        if tokens.shapes[at] != LOWER or tokens.lowers[at] in SMALL_HEADS:
            yield from _road(tokens, at)
    for at in (cue + 1 for cue in tokens.where(_NEAR_WORDS) if cue + 1 < len(tokens.words)):
        if tokens.shapes[at] == TITLE and tokens.kinds[at] == ORDINARY and tokens.gap(at - 1) == " ":
            yield from _headed(tokens, at)
    for at in tokens.where(regions()):
        yield from _place(tokens, at, tokens.kinds[at], tokens.shapes[at])
    for match in _WORTH.finditer(tokens.kinds):
        at = match.start()
        if match.group() in (PLACE, PLACE_DOUBTFUL) or tokens.shapes[at] in (TITLE, UPPER):
            yield from _place(tokens, at, match.group(), tokens.shapes[at])


def _place(tokens: Tokens, at: int, kind: str, shape: str) -> Iterator[Span]:
    score = _score(tokens, at, kind, shape)
    if not score:
        return
    end = _chain(tokens, at)
    pin = _PIN_AFTER.match(tokens.plain, end)
    if pin:
        end, score = pin.end(), max(score, 0.85)
    yield found(tokens.starts[at], end, "place", score)


def _score(tokens: Tokens, at: int, kind: str, shape: str) -> float:
    """How sure it is that the word is a place; 0 when it is none."""
    lower = tokens.lowers[at]
    before = tokens.plain[max(0, tokens.starts[at] - 24) : tokens.starts[at]]
    announced = at > 0 and tokens.lowers[at - 1] in CUE_ENDS and CUE.search(before) is not None
    strong = announced and STRONG_CUE.search(before) is not None
    if kind == PLACE:
        listed = lower in vocabulary().places
        return (0.8 if listed else 0.65) if shape != LOWER else (0.6 if len(lower) >= 5 else 0.0)
    if kind == PLACE_DOUBTFUL:
        english = lower in vocabulary().ordinary or lower in vocabulary().allowed
        counts = shape != LOWER and (strong or (not english and (announced or len(lower) > 4)))
        return (0.8 if strong else 0.6) if counts else 0.0
    if lower in regions():
        return 0.7 if strong and shape != LOWER else 0.0
    if kind not in (UNKNOWN, NAME, DOUBTFUL) or shape != TITLE:
        return 0.0
    ending = len(lower) > 5 and lower.endswith(vocabulary().place_endings)
    if kind == UNKNOWN and ending and likeness(lower) >= -4:
        return 0.6
    if strong:
        return 0.75
    return 0.5 if announced and kind == UNKNOWN and len(lower) > 3 and likeness(lower) > -13 else 0.0


def _chain(tokens: Tokens, at: int) -> int:
    """Where a place ends that further places follow: Whitefield, Bengaluru, Karnataka."""
    end, last = tokens.ends[at], at
    for _step in range(5):
        following = last + 1
        if following >= len(tokens.words) or not _CHAIN_GAP.match(tokens.gap(last)):
            break
        kind, shape, lower = tokens.kinds[following], tokens.shapes[following], tokens.lowers[following]
        comma = "," in tokens.gap(last)
        place = (
            kind in (PLACE, PLACE_DOUBTFUL)
            or lower in regions()
            or (not comma and lower in ROADS and lower not in _WEAK_HEADS)
        )
        place = place or (not comma and (lower in _TAILS or (lower in _SIDES and shape == TITLE)))
        if not place or (shape == LOWER and lower not in ROADS | _TAILS) or (comma and lower in vocabulary().ordinary):
            break
        last, end = following, tokens.ends[following]
    return end


def _headed(tokens: Tokens, at: int) -> Iterator[Span]:
    """Ordinary words with capitals that end in a word for a place: from Silk Board junction."""
    if ends_in_road(tokens, at):
        last = at
        while last + 1 < len(tokens.words) and tokens.lowers[last] not in ROADS:
            last += 1
        yield found(tokens.starts[at], _chain(tokens, last), "place", 0.75)


def _road(tokens: Tokens, at: int) -> Iterator[Span]:
    """A road or quarter and the words with capitals before it."""
    first, proper = at, False
    while first and at - first < 4:
        before = first - 1
        shape, kind = tokens.shapes[before], tokens.kinds[before]
        if not _ROAD_LEFT.fullmatch(tokens.gap(before)) or shape == LOWER or tokens.lowers[before] in STOPS_LEFT:
            break
        if shape == UPPER and (kind == ORDINARY or len(tokens.words[before]) < 3):
            break
        proper = proper or kind != ORDINARY or not tokens.opens(before)
        named = kind != ORDINARY
        if tokens.lowers[at] in _WEAK_HEADS and not named and first == at:
            break
        first = before
    if (
        first < at
        and proper
        and not (tokens.lowers[at] in _WEAK_HEADS and tokens.lowers[first] in vocabulary().allowed)
    ):
        number = _NUMBER_BEFORE.search(tokens.plain[max(0, tokens.starts[first] - 20) : tokens.starts[first]])
        end = _chain(tokens, at)
        pin = _PIN_AFTER.match(tokens.plain, end)
        yield found(tokens.starts[first] - len(number[0] if number else ""), pin.end() if pin else end, "place", 0.75)
