"""One harvest, ready to be looked for in any run of bytes."""

import re

from confrere.core.verify import views
from confrere.core.verify.needles import DATE, UID, Harvest

_UID_LIKE = re.compile(rb"[0-9][0-9]*(?:\.[0-9]+){2,}")
# A phrase of letters and digits has eight of them at least.
_LONG_RUN = re.compile(rb"[0-9a-z][0-9a-z]{7,}")
# An original UID with a suffix is still that UID, if it is long enough to be somebody's.
_LONG_UID = 20


def uids_like(view: bytes) -> set[bytes]:
    """Everything in the bytes that is written like a UID."""
    return set(_UID_LIKE.findall(view)) if b"." in view else set()


def _views(raw: bytes) -> set[bytes]:
    """Bytes in lower case, as they stand and as text of two bytes a letter reads."""
    lowered = raw.lower()
    return {lowered, lowered.replace(b"\0", b"")} if raw else set()


class Search:
    """Says which kinds of needle occur in bytes, never which needle."""

    def __init__(self, harvest: Harvest) -> None:
        self.harvest = harvest
        self._words = {word: kind for kind, word in harvest.words}
        self._context = {word: kind for kind, word in harvest.context}
        self._plain_phrases = [one for one in harvest.phrases if one[1].isalnum()]
        self._other_phrases = [one for one in harvest.phrases if not one[1].isalnum()]

    def kinds_in(self, raw: bytes) -> set[str]:
        """The kinds of residual in `raw`, whatever it is a part of."""
        found = self.kinds_but_uids_in(raw)
        if self.harvest.uids:
            lowered = raw.lower()
            if self.has_uid(uids_like(lowered) | uids_like(lowered.replace(b"\0", b""))):
                found.add(UID)
        return found

    def kinds_but_uids_in(self, raw: bytes) -> set[str]:
        """The same, without the UIDs."""
        return self.long_kinds_in(raw) | self.word_kinds_in(raw) | self.number_kinds_in(raw)

    def long_kinds_in(self, raw: bytes) -> set[str]:
        """The kinds of what is looked for whatever stands beside it: long needles, and those not in ASCII."""
        if not raw:
            return set()
        lowered = raw.lower()
        found = self.phrase_kinds(views.squeezed(lowered)) if self.harvest.phrases else set()
        if self.harvest.encoded:
            spellings = views.canonical_views(lowered)
            found |= {kind for kind, needle in self.harvest.encoded if any(needle in one for one in spellings)}
        return found

    def word_kinds_in(self, raw: bytes) -> set[str]:
        """The kinds of whole words."""
        found: set[str] = set()
        if self._words:
            for view in _views(raw):
                found |= {self._words[word] for word in views.words(view) & self._words.keys()}
        return found

    def number_kinds_in(self, raw: bytes) -> set[str]:
        """The kinds of numbers and dates."""
        if not self.harvest.numbers and not self.harvest.days:
            return set()
        return set().union(*map(self._numeric_kinds, _views(raw)))

    def phrase_kinds(self, tight: bytes) -> set[str]:
        """The kinds of the long needles in bytes that are squeezed already."""
        runs = b"\n".join(_LONG_RUN.findall(tight))
        found = {kind for kind, needle in self._plain_phrases if needle in runs}
        return found.union(kind for kind, needle in self._other_phrases if needle in tight)

    def _numeric_kinds(self, lowered: bytes) -> set[str]:
        found: set[str] = set()
        plain = views.without_own_uids(lowered)
        unbroken, grouped = views.digit_runs(plain)
        together = b" ".join((*unbroken, *grouped))
        for kind, number in self.harvest.numbers:
            if number in together and _number_in(number, unbroken, grouped):
                found.add(kind)
        if self.harvest.days:
            days = views.written_days(plain).union(*map(views.compact_days, unbroken))
            if days & self.harvest.days:
                found.add(DATE)
        return found

    def has_uid(self, candidates: set[bytes]) -> bool:
        """Whether one of the candidates is a UID of the harvest, or one with a suffix."""
        uids = self.harvest.uids
        if not uids.isdisjoint(candidates):
            return True
        for candidate in candidates:
            at = candidate.find(b".", _LONG_UID)
            while at > 0:
                if candidate[:at] in uids:
                    return True
                at = candidate.find(b".", at + 1)
        return False

    def short_kinds_in(self, value: bytes) -> set[str]:
        """The kinds of the very short needles in a text value."""
        return self.kinds_of_words(views.whole_words(value))

    def kinds_of_words(self, words: set[bytes]) -> set[str]:
        """The kinds of the very short needles among the whole words of text values."""
        return {self._context[word] for word in words & self._context.keys()}

    @property
    def has_short(self) -> bool:
        """Whether there are very short needles."""
        return bool(self._context)


def _number_in(number: bytes, unbroken: set[bytes], grouped: set[bytes]) -> bool:
    # Up to four digits before a number are a country code or a prefix; more make it another number.
    if any(number in run and len(run) <= len(number) + 4 for run in unbroken):
        return True
    return any(number in run for run in grouped)
