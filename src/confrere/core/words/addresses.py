"""Addresses, stops and numbered roads, and employers in Latin letters."""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found
from confrere.core.words.tokens import LOWER, TITLE, UPPER, Tokens
from confrere.core.words.vocabulary import ORDINARY, vocabulary

_FIRMS = frozenset("bank ltd limited company steel motors power school factory plant mills office".split())
_WORK_WORDS = frozenset("at in for with of by from employed".split())
_WORK = re.compile(
    r"(?i)(?<![A-Za-z])(?:works? (?:at|in|for|with)|working (?:at|in|for|with)|employ(?:ed|ee) (?:at|in|of|by|"
    r"with)|employed|job (?:at|in)|posted (?:at|in)|studi(?:es|ed) (?:at|in)|studying (?:at|in)|student (?:of|"
    r"at)|teach(?:es|er) (?:at|in)|engineer (?:at|in)|manager (?:at|in)|clerk (?:at|in)|driver (?:at|in|with)|"
    r"officer (?:at|in)|retired from|nurse (?:at|in))[ :]{1,2}(?:the )?$"
)
_ADDRESS = re.compile(
    r"(?i)(?<![A-Za-z])(?:(?:h\.? ?no|house(?: ?no)?|flat(?: ?no)?|plot(?: ?no)?|door ?no|d\.? ?no|room no|"
    r"qtr\.? ?no|quarter no|"
    r"survey no)\b[\s.:#\-]{0,4}(?=[A-Z]{0,2}[\-/]?\d)|(?:postal )?address\b(?: is)?[\s:\-]{1,4}(?=[A-Z0-9#])|"
    r"addr?\b\.? ?[:\-]\s?(?=[A-Z0-9#]))"
)
_RESIDENCE = re.compile(
    r"(?<![A-Za-z])(?i:resident of|residing (?:at|in)|resides (?:at|in)|lives (?:at|in|near)|living (?:at|in)|"
    r"native of)[ :\-]{1,3}(?=[A-Z#\d][\w./\-]*[ ,])"
)
_NAMED_STOP = re.compile(
    r"\b(?:[A-Z][A-Za-z.]{0,24}[ \-]){1,3}(?:bus ?stand|bus ?stop|railway station|police station|metro station|"
    r"toll plaza|thana|taluk hospital)\b|"
    r"\b(?:NH|SH|ORR|NICE)[ \-]?\d{1,3}[A-Z]?\b(?! ?(?:mm|cm|%))(?: near(?= [A-Z]))?|\b(?i:sector|"
    r"sec)[ \-]\d{1,3}[A-Z]?(?=,| [A-Z])"
)
_PIECE = re.compile(r"[A-Za-z]+|\d[\dA-Za-z/\-]*|[\n;]|[.,#&()/:\- ]")
_NO_END = frozenset("and of the near opp opposite behind via at no next beside".split())
_ADDRESS_WORDS = frozenset(
    "h house flat plot door d room qtr quarter survey postal address addr add resident residing resides lives "
    "living native r c".split()
)
_IN_ADDRESS = frozenset(
    "near opp opposite behind no floor main cross road street st rd nagar colony block sector phase post dist "
    "district village vill taluk tehsil pin state and of the "
    "po ps via at next beside above flat house plot door stage extn extension layout hno dno th st nd rd lane "
    "gali marg town city mandal opp. temple school bank station".split()
)
_NOT_OWN = re.compile(r"(?i)postal|addr?|c/o|re|li|na")


def find_addresses(tokens: Tokens) -> Iterator[Span]:
    """Addresses, stops, numbered roads and employers; offsets are those of the reading."""
    yield from _addresses(tokens)
    yield from (found(*match.span(), "place", 0.75) for match in _NAMED_STOP.finditer(tokens.plain))
    for at in tokens.where(_WORK_WORDS | vocabulary().employers):
        yield from _employer(tokens, at)


def _employer(tokens: Tokens, at: int) -> Iterator[Span]:
    """An employer from the list, or the words with capitals after "works at" and the like."""
    if tokens.lowers[at] in vocabulary().employers:
        if tokens.shapes[at] != LOWER and tokens.kinds[at] != ORDINARY:
            last = at + 1 if tokens.gap(at) == " " and tokens.lowers[at + 1] in _FIRMS else at
            yield found(tokens.starts[at], tokens.ends[last], "employer", 0.6)
        return
    first = at + 1
    if first < len(tokens.words) and tokens.lowers[first] == "the":
        first += 1
    if first >= len(tokens.words) or tokens.shapes[first] not in (TITLE, UPPER):
        return
    if not _WORK.search(tokens.plain[max(0, tokens.starts[first] - 28) : tokens.starts[first]]):
        return
    last = first
    while (
        last + 1 < len(tokens.words)
        and last - first < 3
        and tokens.gap(last) == " "
        and tokens.shapes[last + 1] in (TITLE, UPPER)
    ):
        last += 1
    if (
        last > first
        or tokens.shapes[first] == UPPER
        or tokens.kinds[first] != ORDINARY
        or tokens.lowers[first] in vocabulary().employers
    ):
        yield found(tokens.starts[first], tokens.ends[last], "employer", 0.8)


def _addresses(tokens: Tokens) -> Iterator[Span]:
    """An address from its first word to where the sentence goes on: H.No. 12-4-56, Mehdipatnam, Hyderabad 500028."""
    plain = tokens.plain
    reached = 0
    for number in tokens.where(_ADDRESS_WORDS):
        begin = tokens.starts[number]
        cue = _ADDRESS.match(plain, begin) or _RESIDENCE.match(plain, begin)
        if cue is None or begin < reached:
            continue
        own = _NOT_OWN.match(cue.group()) is None
        start = cue.start() if own else cue.end()
        end, at, words = cue.end(), cue.end(), 0
        while at < min(len(plain), cue.end() + 160):
            match = _PIECE.match(plain, at)
            if match is None or match.group() in ("\n", ";"):
                break
            word = match.group()
            if (
                word == "."
                and plain[match.end() : match.end() + 1] in (" ", "\n", "")
                and at - end == 0
                and len(plain[max(0, at - 4) : at].split(" ")[-1]) > 3
            ):
                break
            if word[0].isalpha() and not (word[0].isupper() or word.lower() in _IN_ADDRESS):
                break
            if word[0].isalpha() and word.lower() in (
                "phone",
                "ph",
                "mob",
                "mobile",
                "contact",
                "tel",
                "age",
                "sex",
                "ct",
                "mri",
                "uhid",
                "dob",
            ):
                break
            at = match.end()
            if word[0].isalnum():
                words += 1
                end = end if word.lower() in _NO_END else at
        if words:
            reached = end
            yield found(start, end, "place", 0.85)
