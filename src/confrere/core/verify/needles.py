"""What the original held that the cleaned file must not: the Harvest, and how one value becomes needles."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from confrere.core.verify import charsets, machine, scripts, views
from confrere.core.verify.vocabulary import vocabulary

Needle = tuple[str, bytes]

# Kinds of a needle, and of the residual it becomes.
NAME, ID, PHONE, DATE, UID, TEXT, PRIVATE = "name", "id", "phone", "date", "uid", "text", "private"

_MIN_PHRASE = 8
_MIN_WORD = 4
_MAX_NAME_PARTS = 4
_PARTS = re.compile(r"[\s^=,;/\\_.\-()'\"]+")


@dataclass(frozen=True, slots=True, repr=False)
class Harvest:
    """Needles by the way they are looked for; printing it tells how many, never which.

    `phrases`: eight letters or more, looked for anywhere, separators ignored. `words`: whole words only.
    `context`: words so short that they count only inside a text value. `numbers`: digit strings. `encoded`:
    text that is not ASCII, as written and as UTF-8 and UTF-16. `days`: dates as ordinals; `days_at`: the same
    with the tags that lead to them.
    """

    phrases: frozenset[Needle] = frozenset()
    words: frozenset[Needle] = frozenset()
    context: frozenset[Needle] = frozenset()
    numbers: frozenset[Needle] = frozenset()
    encoded: frozenset[Needle] = frozenset()
    uids: frozenset[bytes] = frozenset()
    days: frozenset[int] = frozenset()
    days_at: frozenset[tuple[tuple[int, ...], int]] = frozenset()

    def __repr__(self) -> str:
        """Count the needles; a value never reaches a log this way."""
        return f"Harvest({len(self)} needles)"

    def __len__(self) -> int:
        """How many needles there are."""
        texts = (self.phrases, self.words, self.context, self.numbers, self.encoded)
        return sum(map(len, texts)) + len(self.uids) + len(self.days)

    def merge(self, *others: "Harvest") -> "Harvest":
        """The union of this harvest and others: one harvest for a whole series."""
        return Harvest(
            phrases=self.phrases.union(*(one.phrases for one in others)),
            words=self.words.union(*(one.words for one in others)),
            context=self.context.union(*(one.context for one in others)),
            numbers=self.numbers.union(*(one.numbers for one in others)),
            encoded=self.encoded.union(*(one.encoded for one in others)),
            uids=self.uids.union(*(one.uids for one in others)),
            days=self.days.union(*(one.days for one in others)),
            days_at=self.days_at.union(*(one.days_at for one in others)),
        )

    def without(self, other: "Harvest") -> "Harvest":
        """What this harvest holds and the other does not."""
        return Harvest(**{each.name: getattr(self, each.name) - getattr(other, each.name) for each in fields(Harvest)})


@dataclass(slots=True, repr=False)
class Gatherer:
    """Collects needles while an original is read; `finish` drops what is public vocabulary."""

    phrases: set[Needle] = field(default_factory=set)
    words: set[Needle] = field(default_factory=set)
    context: set[Needle] = field(default_factory=set)
    numbers: set[Needle] = field(default_factory=set)
    encoded: set[Needle] = field(default_factory=set)
    uids: set[bytes] = field(default_factory=set)
    days: set[int] = field(default_factory=set)
    days_at: set[tuple[tuple[int, ...], int]] = field(default_factory=set)
    weak: set[machine.Suspect] = field(default_factory=set)
    technical: set[machine.Line] = field(default_factory=set)
    foreign: set[tuple[str, bytes]] = field(default_factory=set)
    charsets: set[bytes] = field(default_factory=set)

    def held(self) -> "Held":
        """What is gathered so far, set by set, without those that are empty."""
        return tuple((name, frozenset(found)) for name in _FIELDS if (found := getattr(self, name)))

    def absorb(self, held: "Held") -> None:
        """Take over all that another gatherer held."""
        for name, found in held:
            getattr(self, name).update(found)

    def name(self, text: str, kind: str = NAME) -> None:
        """A person's name in any of its groups: whole, in every order of its parts, and part by part."""
        text = views.plain(text)
        spellings = {text} if text.isascii() else {text, unicodedata.normalize("NFKC", text)}
        for group in {group for spelling in spellings for group in spelling.split("=")}:
            parts = [part for part in _PARTS.split(group) if part]
            self._name_parts([part.encode("ascii") for part in parts if part.isascii()], kind)
            if not group.isascii():
                for part in {group, group.replace("^", " "), "".join(parts), *parts}:
                    self.not_ascii(part, kind)

    def _name_parts(self, parts: list[bytes], kind: str) -> None:
        lowered = [part.lower() for part in parts]
        for first in range(min(len(lowered), _MAX_NAME_PARTS)):
            for order in _orders(lowered[first], lowered[:first] + lowered[first + 1 : _MAX_NAME_PARTS]):
                self.phrase(order, kind)
        self.phrase(b"".join(lowered), kind)
        for part in lowered:
            self.word(part, kind)
        if 2 <= len(lowered) <= _MAX_NAME_PARTS:
            self._with_initials(lowered, kind)

    def _with_initials(self, parts: list[bytes], kind: str) -> None:
        """One part in full and the others as initials, glued: rksharma, sharmark; apart, the part itself shows."""
        common = vocabulary().common_words
        letters = [part[:1] for part in parts]
        for at, full in enumerate(parts):
            if len(full) < _MIN_WORD or not full.isalnum():
                continue
            others = b"".join(letters[:at] + letters[at + 1 :])
            for initials in {others, others[:1]}:
                for glued in (initials + full, full + initials):
                    # A long needle is looked for across spaces: "retain patient" holds a patient called N.
                    if full in common and len(glued) >= _MIN_PHRASE:
                        continue
                    if glued not in common and glued.isalnum() and not glued.isdigit():
                        (self.phrases if len(glued) >= _MIN_PHRASE else self.words).add((kind, glued))

    def phrase(self, raw: bytes, kind: str) -> None:
        """A run of text that counts wherever it stands, with or without separators."""
        needle = views.squeezed(raw)
        if needle.isdigit():
            self.number(needle, kind)
        elif needle in vocabulary().common_words:
            self._common(needle, kind)
        elif len(needle) >= _MIN_PHRASE and len(set(needle)) > 2:
            self.phrases.add((kind, needle))

    def word(self, raw: bytes, kind: str) -> None:
        """One word: anywhere when long, as a whole word when short, in text values only when very short."""
        word = raw.lower()
        if not word.isalnum():
            return
        if word in vocabulary().common_words:
            self._common(word, kind)
        elif word.isdigit():
            self.number(word, kind)
        elif len(word) >= _MIN_PHRASE:
            self.phrases.add((kind, word))
        elif len(word) >= _MIN_WORD:
            self.words.add((kind, word))
        elif len(word) >= 2:
            self.context.add((kind, word))

    def _common(self, word: bytes, kind: str) -> None:
        """A common word, alone: nothing, save that a name such as Young counts inside a text value."""
        if kind in (NAME, ID) and word in vocabulary().telling_names:
            self.context.add((kind, word))

    def number(self, digits: bytes, kind: str) -> None:
        """A digit string: anywhere when it has seven digits or more, else only inside a text value."""
        if len(digits) == 8 and kind in (TEXT, PRIVATE) and (days := views.compact_days(digits)):
            self.days |= days
        elif len(digits) >= 7:
            self.numbers.add((kind, digits[-10:] if kind == PHONE else digits))
        elif len(digits) >= 4:
            self.context.add((kind, digits))

    def identifier(self, raw: bytes, kind: str = ID) -> None:
        """An identifier: whole, and the parts of it that hold a digit."""
        self.phrase(raw, kind)
        for word in views.whole_words(raw):
            if len(word) >= _MIN_WORD and any(48 <= byte < 58 for byte in word):
                self.word(word, kind)
        whole = views.squeezed(raw)
        if whole.isalnum() and _MIN_WORD <= len(whole) < _MIN_PHRASE:
            self.word(whole, kind)
        self.patterned(raw)

    def patterned(self, raw: bytes) -> None:
        """What looks like a telephone number or a date in a text."""
        phones, days = machine.patterns(raw)
        for digits in phones:
            self.number(digits, PHONE)
        self.days |= days

    def suspect(self, raw: bytes, kind: str = TEXT) -> None:
        """Free text that may identify: kept for `finish`, which knows the technical words by then."""
        self.weak.add(machine.suspect(raw, kind))

    def says(self, raw: bytes) -> None:
        """A technical value: its words excuse the same words in free text."""
        self.technical.add(machine.line(raw))

    def not_in_ascii(self, raw: bytes, kind: str) -> None:
        """Text in another script: as it is written now, decoded by `finish`, which knows the character sets."""
        if kind == NAME:
            for part in {*raw.split(b"="), *re.split(rb"[\^= \\]+", raw)}:
                self.raw_bytes(part, kind)
        else:
            self.raw_bytes(raw, kind)
        self.foreign.add((kind, raw))

    def not_ascii(self, text: str, kind: str) -> None:
        """Text that is not ASCII, in the spellings and encodings in which it could come back."""
        text = views.plain(text)
        if text.isascii():
            return
        for form in _spellings(text):
            for codec in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
                needle = form.encode(codec, "ignore").lower()
                # Four bytes are two letters of most scripts; shorter ones occur by chance.
                if len(needle) >= 4 and (codec != "latin-1" or len(needle) == len(form)):
                    self.encoded.add((kind, needle))

    def raw_bytes(self, raw: bytes, kind: str) -> None:
        """Bytes that hold text which is not ASCII, as they were written."""
        needle = raw.strip(b" \0\\^=").lower()
        if len(needle) >= 4 and any(byte >= 0x80 or byte == 0x1B for byte in needle):
            self.encoded.add((kind, needle))

    def finish(self) -> Harvest:
        """The harvest: names, identifiers, dates always; words of free text unless the machine's own."""
        if self.foreign:
            self._decode_foreign()
        names = frozenset(word for kind, word in (*self.words, *self.phrases) if kind == NAME)
        excused = machine.machine(self.technical, names)
        whole = Gatherer()
        for one in self.weak:
            whole.weigh(one, excused)
        return Harvest(
            phrases=frozenset(self.phrases | whole.phrases),
            words=frozenset(self.words | whole.words),
            context=frozenset(self.context | whole.context),
            numbers=frozenset(self.numbers | whole.numbers),
            encoded=frozenset(self.encoded),
            uids=frozenset(self.uids),
            days=frozenset(self.days | whole.days),
            days_at=frozenset(self.days_at),
        )

    def _decode_foreign(self) -> None:
        for kind, raw in self.foreign:
            for text in charsets.decoded(raw, self.charsets, is_name=kind == NAME):
                if kind == NAME:
                    self.name(text)
                    continue
                words = scripts.words_of(text)
                for part in words if kind == PRIVATE else {text.strip(), *words}:
                    self.not_ascii(part, kind)

    def weigh(self, one: machine.Suspect, excused: machine.Machine) -> None:
        """Take from a line of free text what the machine's own words do not excuse."""
        for digits in one.phones:
            if digits not in excused.text:
                self.number(digits, PHONE)
        if one.days:
            self.days |= one.days - excused.days
        telling = one.words - excused.words
        if not telling:
            return
        least = 6 if one.kind == PRIVATE else _MIN_WORD
        for token in telling:
            if len(token) >= least and token.isascii():
                self.word(token, one.kind)
        if one.length <= 80 and one.tight not in excused.text:
            self.phrase(one.tight, one.kind)


def _spellings(text: str) -> set[str]:
    """A text composed and decomposed, in either case, and in the one spelling that all are compared in."""
    forms = {text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC"))}
    return {views.canonical(text), *forms, *map(str.lower, forms), *map(str.upper, forms)}


def _orders(begun: bytes, left: list[bytes]) -> Iterator[bytes]:
    """The orders of a name's parts that begin so: each no longer than it takes to be looked for on its own."""
    for at, part in enumerate(left):
        joined = begun + part
        yield joined
        if len(joined) < _MIN_PHRASE or joined.isdigit() or len(set(joined)) <= 2:
            yield from _orders(joined, left[:at] + left[at + 1 :])


_FIELDS = tuple(each.name for each in fields(Gatherer))

Held = tuple[tuple[str, frozenset[Any]], ...]
"""What an element, or more, yielded: the sets of a Gatherer by their names, those that are not empty."""


def harvest_known(lines: Iterable[str]) -> Harvest:
    """The harvest of values that somebody lists, one a line: names, identifiers, numbers, dates or UIDs."""
    gather = Gatherer()
    for line in lines:
        text = line.strip()
        if not text:
            continue
        raw = text.encode("utf-8")
        if re.fullmatch(r"[0-9]+(\.[0-9]+){3,}", text):
            gather.uids.add(raw)
            continue
        gather.days |= views.days_in(raw)
        gather.identifier(raw)
        gather.name(text)
        gather.raw_bytes(raw, TEXT)
    # A line need not be a name: "Head Clinic, Long Road" must not hold every text with a head in it.
    gather.context -= {one for one in gather.context if one[1] in vocabulary().common_words}
    return gather.finish()
