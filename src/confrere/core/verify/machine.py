"""Lines of free text, and the technical lines that excuse their words: what a machine says of itself tells nothing.

Each line is taken apart once; the parts are pure functions of its bytes, so they may be kept from file to file.
"""

import re
from collections.abc import Iterable, Set
from typing import NamedTuple

from confrere.core.verify import views
from confrere.core.verify.vocabulary import vocabulary

_PHONE = re.compile(rb"(?<![0-9.])\+?[0-9](?:[ ().-]{0,2}[0-9]){6,14}(?![0-9]|\.[0-9])")
_NOT_DIGITS = bytes(byte for byte in range(256) if not 48 <= byte < 58)
# Fewer digits than 1.1.24 has make neither a date nor a telephone number.
_FEWEST_DIGITS = 4


class Line(NamedTuple):
    """One technical value: its words, itself squeezed, and the dates in it."""

    words: Set[bytes]
    tight: bytes
    days: Set[int]


class Suspect(NamedTuple):
    """One line of free text: its telling words, itself squeezed, telephone numbers and dates written in it."""

    kind: str
    length: int
    words: Set[bytes]
    tight: bytes
    phones: tuple[bytes, ...]
    days: Set[int]


class Machine(NamedTuple):
    """What the technical values hold in all."""

    words: Set[bytes]
    text: bytes
    days: Set[int]


def line(raw: bytes) -> Line:
    """Take a technical value apart."""
    return Line(frozenset(views.words(raw)), views.squeezed(raw), frozenset(views.days_in(raw)))


def suspect(raw: bytes, kind: str) -> Suspect:
    """Take a line of free text apart."""
    phones, days = patterns(raw)
    words = frozenset(views.whole_words(raw) - vocabulary().common_words)
    return Suspect(kind, len(raw), words, views.squeezed(raw), phones, days)


def patterns(raw: bytes) -> tuple[tuple[bytes, ...], frozenset[int]]:
    """(digits of what looks like a telephone number, dates written out) in a text."""
    if len(raw.translate(None, _NOT_DIGITS)) < _FEWEST_DIGITS:
        return (), frozenset()
    numbers = (match.translate(None, _NOT_DIGITS) for match in _PHONE.findall(raw))
    return tuple(digits for digits in numbers if len(digits) >= 10), frozenset(views.written_days(raw))


def machine(lines: Iterable[Line], names: frozenset[bytes]) -> Machine:
    """What `lines` hold together. A machine's value that holds a name excuses nothing."""
    free = [one for one in lines if names.isdisjoint(one.words)]
    return Machine(
        frozenset().union(*(one.words for one in free)),
        b"\n".join(dict.fromkeys(one.tight for one in free)),
        frozenset().union(*(one.days for one in free)),
    )
