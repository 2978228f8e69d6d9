"""The surest search: what the upload said of this very patient, found again in any order, case, script and spacing.

Names are compared word by word, run together and by their sound; numbers by their letters and digits alone; days in
every form that `day_forms` writes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations

from confrere.core.words.scripts import BRAHMIC, brahmic_key, latin_keys
from confrere.core.words.spans import Span, found

_MONTHS = "january february march april may june july august september october november december".split()
_LETTERS = re.compile(r"[A-Za-z0-9]+")
_SHORTEST_WORD = 3
_SHORTEST_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a patient: names (of the patient, parents, doctors), numbers, and days as YYYYMMDD."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


NOTHING = Known()


def known_from(tokens: Iterable[str]) -> Known:
    """Sort tokens as a header gives them (PN with carets, DA, identifiers) into names, numbers and days."""
    names, numbers, days = [], [], []
    for token in (one.strip() for one in tokens):
        bare = re.sub(r"[^0-9A-Za-z]", "", token)
        if re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", bare):
            days.append(bare)
        elif any(one.isdigit() for one in bare):
            numbers.append(token)
        elif token:
            names.append(token)
    return Known(tuple(names), tuple(numbers), tuple(days))


def find_known(plain: str, known: Known) -> Iterator[Span]:
    """Every trace of what is known in a plain reading; offsets are those of the reading."""
    if known == NOTHING:
        return
    yield from _names(plain, known.names)
    yield from _run_together(plain, known)
    for day in known.days:
        for form in day_forms(day):
            yield from (found(*match.span(), "known", 0.99) for match in form.finditer(plain))


def _name_words(names: Iterable[str]) -> set[str]:
    return {word.lower() for name in names for word in re.findall(r"[^\W\d_]+", name) if len(word) >= _SHORTEST_WORD}


def _names(plain: str, names: Iterable[str]) -> Iterator[Span]:
    words = {word for word in _name_words(names) if word.isascii()}
    native = {match for name in names for match in BRAHMIC.findall(name)}
    keys = {key for word in words for key in latin_keys(word)} | {brahmic_key(word) for word in native}
    keys = {key for key in keys if len(key) >= 3}
    for match in re.finditer(r"[A-Za-z]+", plain):
        lower = match.group().lower()
        if lower in words or (
            len(lower) > 4
            and len(lower) < 40
            and keys
            and not keys.isdisjoint(latin_keys(lower))
            and lower[0] in {one[0] for one in words}
        ):
            yield found(*match.span(), "known", 0.99 if lower in words else 0.7)
    if not plain.isascii() and keys:
        for match in BRAHMIC.finditer(plain):
            if match.group() in native or brahmic_key(match.group()) in keys:
                yield found(*match.span(), "known", 0.95)


def _run_together(plain: str, known: Known) -> Iterator[Span]:
    """Names of six letters or more and numbers of four signs or more in the text without its spaces and signs."""
    wanted = set()
    for name in known.names:
        words = [word.lower() for word in re.findall(r"[A-Za-z]+", name)]
        orders = permutations(words[:4])
        wanted |= {one for one in (*words, *("".join(order) for order in orders)) if len(one) >= 6}
    for number in known.numbers:
        bare = re.sub(r"[^0-9a-z]", "", number.lower())
        wanted |= {one for one in (bare, bare.lstrip("0")) if len(one) >= _SHORTEST_NUMBER}
    if not wanted:
        return
    offsets = [place for match in _LETTERS.finditer(plain) for place in range(*match.span())]
    packed = "".join(match.group() for match in _LETTERS.finditer(plain)).lower()
    for one in wanted:
        at = packed.find(one)
        while at >= 0:
            yield found(offsets[at], offsets[at + len(one) - 1] + 1, "known", 0.95)
            at = packed.find(one, at + 1)


def day_forms(day: str) -> tuple[re.Pattern[str], ...]:
    """Patterns of a day, given as YYYYMMDD, in the usual orders, with figures and with the month's name."""
    year, month, date = day[:4], int(day[4:6]), int(day[6:8])
    years, months, dates = rf"(?:{year}|{year[2:]})", rf"0?{month}", rf"0?{date}"
    gap, name = r"[\s./\-]{0,3}", rf"{_MONTHS[month - 1][:3]}[a-z]*"
    return (
        re.compile(rf"(?<!\d){dates}[\s./\-]{{1,3}}{months}[\s./\-]{{1,3}}{years}(?!\d)"),
        re.compile(rf"(?<!\d){months}[\s./\-]{{1,3}}{dates}[\s./\-]{{1,3}}{years}(?!\d)"),
        re.compile(rf"(?<!\d){year}{gap}{day[4:6]}{gap}{day[6:8]}(?!\d)"),
        re.compile(rf"(?<!\d){day[6:8]}{day[4:6]}{year}(?!\d)"),
        re.compile(rf"(?i)(?<!\d){dates}(?:st|nd|rd|th)?(?:\s?of)?{gap}{name}[\s.,'/\-]{{0,3}}(?:{years}(?!\d))?"),
        re.compile(rf"(?i)(?<![a-z]){name}{gap}{dates}(?!\d)(?:st|nd|rd|th)?(?:[\s.,'/\-]{{1,3}}{years}(?!\d))?"),
    )
