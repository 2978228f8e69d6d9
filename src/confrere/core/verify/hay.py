"""The cleaned elements of a look, sorted by what could hide in them, so that most of them cost next to nothing.

What is gathered here only decides whether anything could be wrong: it may be over-anxious, never blind. Where the
trouble lies is found by reading the file that shows it as a whole.
"""

import re
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from confrere.core.terms import Broken
from confrere.core.verify import dates, views
from confrere.core.verify.detectors import formats_in
from confrere.core.verify.layout import (
    EMPTY_PREAMBLE,
    Leaf,
    Lost,
    Surroundings,
    element_of,
    is_short_element,
    leaves_of,
    outermost,
)
from confrere.core.verify.numerals import values_can_tell
from confrere.core.verify.originals import Before
from confrere.core.verify.pixel_tail import GEOMETRY, MEASURED
from confrere.core.verify.residuals import CODED, PRINTABLE, TECHNICAL, TEXT_VRS
from confrere.core.verify.search import Search, uids_like

_OWN_UID = re.compile(rb"2\.25\.[0-9]{20,39}")
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]{4}")  # a header may spell a needle too
_NOT_DIGITS = bytes(byte for byte in range(256) if not 48 <= byte < 58)
_FEWEST_DIGITS = 4  # the shortest date is 1.1.24
_SHORTEST = 4  # bytes of the shortest needle that counts outside a text value
_TRANSFER_SYNTAX = 0x00020010
_IMPLICIT, _OTHERS = b"1.2.840.10008.1.2", (b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.2")
_PADDING_GROUP = 0xFFFC


class _Plan(Enum):
    """What the header of a short element says of how to look at its value."""

    NUMBER = auto()
    BINARY = auto()
    UID = auto()
    TEXT = auto()
    PLAIN = auto()
    GENERAL = auto()


_PLANS = {
    **dict.fromkeys((b"DS", b"IS", b"TM"), _Plan.NUMBER),
    **dict.fromkeys((b"AT", b"FD", b"FL", b"SL", b"SS", b"UL", b"US"), _Plan.BINARY),
    **dict.fromkeys((b"DA", b"DT"), _Plan.GENERAL),
    b"UI": _Plan.UID,
}


@lru_cache(maxsize=1 << 14)
def _plan_of(head: bytes) -> tuple[_Plan, int]:
    """The plan and the tag."""
    tag = int.from_bytes(head[:2], "little") << 16 | int.from_bytes(head[2:4], "little")
    vr = head[4:6]
    if tag == _TRANSFER_SYNTAX or tag >> 16 == _PADDING_GROUP:
        return _Plan.GENERAL, tag
    if head[:4] in GEOMETRY:
        return _Plan.PLAIN, tag
    return _PLANS.get(vr, _Plan.TEXT if vr.decode("ascii") in TEXT_VRS else _Plan.PLAIN), tag


class _Bytes(NamedTuple):
    """Elements as they stand, for what may lie across their borders; their values, each apart; those with numbers."""

    whole: bytes
    apart: bytes
    numbers: bytes


_EMPTY = _Bytes(b"", b"", b"")


class Hay:
    """Cleaned bytes of one series: `take` passages, `settle`, then ask whether needles show."""

    def __init__(self, *, implicit: bool) -> None:
        self._explicit = not implicit
        self.is_suspicious = False
        self.moved: list[dates.Moved] = []
        self._words: set[bytes] = set()
        self._seen: set[bytes] = set()
        self._alike: dict[bytes, set[bytes]] = {}
        self._shapes: dict[tuple[bytes, int], set[bytes]] = {}
        self._around = Surroundings()
        # Elements with their headers, one behind the other; and their values, each apart.
        self._text: list[bytes] = []
        self._apart: list[bytes] = []
        self._values: dict[_Plan, set[bytes]] = {plan: set() for plan in (_Plan.NUMBER, _Plan.BINARY, _Plan.UID)}
        self._uid_like: set[bytes] = set()
        self._old = self._new = _EMPTY

    def take(self, raw: bytes, before: Before) -> tuple[bytes, ...]:
        """Take one passage's cleaned bytes; gives the elements in it that tell how large the picture is.

        `before` holds the days that the original had at each path. Raises TooDeep, and Broken for an encoding that is
        not that of the look.
        """
        shape = (raw[:8], len(raw))
        values = self._shapes.get(shape)
        if values is not None:
            values.add(raw[8:])
            return ()
        if self._explicit and is_short_element(raw):
            self._short(raw, before)
            if (values := self._alike.get(raw[:6])) is not None:
                self._shapes[shape] = values
            return (raw,) if raw[:4] in GEOMETRY else ()
        if uid := self._around.parted(raw):
            self._short(uid, before)
            return ()
        if raw[128:132] == b"DICM" and raw[:128] != EMPTY_PREAMBLE:
            self._stray(raw[:128])
        meta, body, end = outermost(raw, explicit=self._explicit)
        told = tuple(element for element in (*meta, *body) if element[:4] in GEOMETRY)
        if raw[128:132] == b"DICM" and end == len(raw) and not told:
            self._around.remember(raw, meta + body)
        for element in meta:
            if is_short_element(element):
                self._short(element, before)
            else:
                self._element(element, before, explicit=True)
        for element in body:
            self._element(element, before, explicit=False)
        if end < len(raw):
            self._stray(raw[end:])
        return told

    def _stray(self, raw: bytes) -> None:
        """Take bytes that are no element."""
        self.is_suspicious = True
        self._text.append(raw)
        self._apart.append(raw)

    def _short(self, raw: bytes, before: Before) -> None:
        """Take an explicit element with a short header, whose length is right."""
        head = raw[:6]
        values = self._alike.get(head)
        if values is not None:
            values.add(raw[8:])
            return
        plan, tag = _plan_of(head)
        if plan is _Plan.GENERAL:
            self._element(raw, before, explicit=True)
            return
        if plan in self._values:
            # The first of its kind is looked at as a whole, with its own header.
            self._alike[head] = self._values[plan]
        if raw not in self._seen:
            self._seen.add(raw)
            self._text.append(raw)
            self._apart.append(raw if _WORD.search(raw, 0, 8) else raw[8:])
            if plan is _Plan.TEXT and len(raw) >= 10:
                self._text_value(tag, raw[8:])

    def _element(self, raw: bytes, before: Before, *, explicit: bool) -> None:
        if raw in self._seen:
            return
        try:
            tag, vr, start, is_nested = element_of(raw, explicit=explicit)
            leaves = leaves_of(raw, explicit=explicit) if is_nested else [Leaf((tag,), vr, start, len(raw))]
        except Lost:
            self._stray(raw)
            return
        blanked = bytearray(raw)
        for leaf in leaves:
            if leaf.vr in TEXT_VRS and leaf.end - leaf.start >= 2:
                self._text_value(leaf.tag, raw[leaf.start : leaf.end])
            elif leaf.vr in dates.DATE_VRS and dates.is_only_a_date(value := raw[leaf.start : leaf.end]):
                self.moved.append(dates.Moved(dates.days_of(value), frozenset(before.get(leaf.path, ()))))
                blanked[leaf.start : leaf.end] = b"\\" * len(value)
        if blanked == raw:
            self._seen.add(raw)
        if tag >> 16 == _PADDING_GROUP and PRINTABLE.search(raw[start:].replace(b"\0", b"")):
            self.is_suspicious = True
        if tag == _TRANSFER_SYNTAX:
            self._check_syntax(raw[start:].strip(b"\0 "))
        self._text.append(bytes(blanked))
        for leaf in leaves:
            if leaf.tag in MEASURED:
                blanked[leaf.start : leaf.end] = b"\\" * (leaf.end - leaf.start)
        self._apart.append(bytes(blanked if _WORD.search(raw, 0, start) else blanked[start:]))

    def _text_value(self, tag: int, value: bytes) -> None:
        if tag not in TECHNICAL:
            self._words |= views.whole_words(value)
        if tag not in CODED and formats_in(value.replace(b"\0", b"").decode("utf-8", "replace")):
            self.is_suspicious = True

    def _check_syntax(self, syntax: bytes) -> None:
        if (syntax == _IMPLICIT) == self._explicit or syntax in _OTHERS:
            raise Broken("the passages are not encoded as their transfer syntax says", retryable=False)

    def settle(self) -> None:
        """Sort what was taken since the last time: from now on it is what is new."""
        self._old = _Bytes(*(b"\\".join(both) for both in zip(self._old, self._new, strict=True)))
        numbers, binary, uids = (self._values[plan] for plan in (_Plan.NUMBER, _Plan.BINARY, _Plan.UID))
        more = [value for value in binary if len(value) >= _SHORTEST]
        if values_can_tell(numbers):
            more += [value.replace(b"\0", b"") for value in numbers]
        plain = {value.rstrip(b"\0") for value in uids}
        more += [value for value in plain if not _OWN_UID.fullmatch(value)]
        apart = [value.rstrip(b"\0") for value in (*self._apart, *more)]
        with_digits = [value for value in apart if len(value.translate(None, _NOT_DIGITS)) >= _FEWEST_DIGITS]
        whole = b"\\".join((b"".join(self._text), *more))
        digits = b"\\".join(with_digits)
        lowered = digits.lower()
        self._uid_like |= plain | uids_like(lowered) | uids_like(lowered.replace(b"\0", b"")) | uids_like(whole)
        own = views.without_own_uids
        self._new = _Bytes(own(whole), own(b"\\".join(apart)), own(digits))
        self._text, self._apart = [], []
        for values in self._values.values():
            values.clear()

    def shows(self, every: Search, new: Search) -> bool:
        """Whether any needle shows in what is new, or a new needle in what is old."""
        return bool(
            every.has_uid(self._uid_like)
            or every.kinds_of_words(self._words)
            or every.long_kinds_in(self._new.whole)
            or every.word_kinds_in(self._new.apart)
            or every.number_kinds_in(self._new.numbers)
            or new.long_kinds_in(self._old.whole)
            or new.word_kinds_in(self._old.apart)
            or new.number_kinds_in(self._old.numbers)
        )

    def has_unmoved_dates(self, originals: frozenset[int]) -> bool:
        """Whether a date is an original one that the series' one shift does not explain."""
        shift = dates.common_shift(self.moved)
        return not all(dates.is_explained(one, shift, originals) for one in self.moved)
