"""A plain reading cut into Latin words, each with what it is taken for and how it is written."""

import re
from collections import defaultdict
from dataclasses import dataclass

from confrere.core.words.vocabulary import UNKNOWN, kind_of_word

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]{2,})?")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
TITLE, UPPER, LOWER, INITIAL = "TULI"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words in order: where each begins and ends, the word, its small letters, what it is taken for, its letters' case.

    `places` has the numbers of each word in small letters.
    `kinds` and `shapes` are strings with one character a word: see `vocabulary` and the letters above.
    """

    plain: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    lowers: list[str]
    kinds: str
    shapes: str
    places: dict[str, list[int]]

    def where(self, words: frozenset[str]) -> list[int]:
        """The numbers of the words, in small letters, that are among `words`."""
        there = words & self.places.keys()
        return sorted(at for word in there for at in self.places[word])

    def gap(self, at: int) -> str:
        """What stands between the word at `at` and the one after it (64 characters at most)."""
        end = self.ends[at]
        return (
            self.plain[end : min(self.starts[at + 1], end + 64)]
            if at + 1 < len(self.words)
            else self.plain[end : end + 64]
        )

    def opens(self, at: int) -> bool:
        """Whether the word begins a sentence or a line."""
        before = self.plain[max(0, self.starts[at] - 6) : self.starts[at]].rstrip(" \"'([*_-•")
        return not before or before[-1] in ".!?:;\n"


def _shape(word: str) -> str:
    if len(word) == 1:
        return INITIAL if word.isupper() else LOWER
    if word.isupper():
        return UPPER
    if word[0].isupper():
        return TITLE if word[1:].islower() or "'" in word else UPPER
    return LOWER


def _runs_together(word: str) -> bool:
    """Whether a word is several that were written without a space, and not one with capitals inside (SUVmax)."""
    if word.islower() or kind_of_word(word.lower()) != UNKNOWN:
        return False
    humps = _HUMPS.findall(word[:400])
    return len(humps) > 1 and all(len(hump) > 2 and hump[0].isupper() for hump in humps)


def cut(plain: str) -> Tokens:
    """The Latin words of a plain reading; words run together (RameshKumar) are cut at their humps."""
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    for match in _WORD.finditer(plain):
        word = match.group()
        if len(word) == 1 and plain[match.start() - 1 : match.start()] == "'" and word in "stmd":
            continue
        if len(word) > 5 and not word[1:].islower() and not word.isupper() and _runs_together(word):
            for hump in _HUMPS.finditer(word, 0, 400):
                starts.append(match.start() + hump.start())
                ends.append(match.start() + hump.end())
                words.append(hump.group())
            continue
        starts.append(match.start())
        ends.append(match.end())
        words.append(word)
    lowers = [word.lower() for word in words]
    places: dict[str, list[int]] = defaultdict(list)
    for at, lower in enumerate(lowers):
        places[lower].append(at)
    memo = {word: kind_of_word(word) for word in places}
    shapes = {word: _shape(word) for word in set(words)}
    return Tokens(
        plain,
        starts,
        ends,
        words,
        lowers,
        "".join([memo[word] for word in lowers]),
        "".join([shapes[word] for word in words]),
        places,
    )
