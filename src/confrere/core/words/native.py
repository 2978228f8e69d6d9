"""Names, houses and places in nine Indian scripts and Urdu.

A name is found after a title, a label or a word of kinship, before a suffix such as Devi or garu, and by the key of
sound of the one list of names (scripts.py). Urdu leaves short vowels out, so it has a list of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from confrere.core.words.reading import read
from confrere.core.words.scripts import ARABIC, BRAHMIC, brahmic_key
from confrere.core.words.spans import Span, found
from confrere.core.words.vocabulary import HOUSE, NAME, PLACE, lists, sound_keys

WEAK = "w"
"""A word whose short key is a name's too: it counts beside a name or after a word that announces one."""
_WORD = re.compile(f"{BRAHMIC.pattern}|{ARABIC.pattern}")
_FLAP = re.compile("[\u0921\u0922\u09a1\u09a2][\u093c\u09bc]|[\u095c\u095d\u09dc\u09dd]")
"""The flapped letters of Hindi and Bengali, which Latin letters spell as d or as r."""
_JOINT = re.compile(r"[ .\-]{1,2}\Z")
_LABEL_JOINT = re.compile(r"[ \t]{0,2}[:.\-=،]{0,2}[ \t\n]{0,2}\Z")
# Endings that the grammar puts on a name, by script; the longest first.
_ENDINGS = tuple(
    sorted(
        (
            "க்கு கு ுக்கு னுக்கு ின் னின் ை இன் யின் யை ிடம் ஆல் உடன் வுக்கு"
            " కి కు ని ను గారి గారు గారికి తో యొక్క లో"
            " ಗೆ ಇಗೆ ಅವರ ನಿಗೆ ರಿಗೆ ನ ಅನ್ನು ಯ ಳ ಯವರ ರವರ ದ"
            " ൻ ന്‍ ന്റെ യുടെ ിന്റെ ന് ിന് ക്ക് യ്ക്ക് നെ യെ ിനെ"
            " র ের কে এর দের বাবু বাবুর"
            " ભાઈ બેન બહેન ને ની નું નો ના"
            " जी ला ने ची चा चे ंचा ंची राव बाई भाई ताई"
            " ਜੀ"
        ).split(),
        key=len,
        reverse=True,
    )
)

_SIGN_GAP = re.compile(r"[:=\-]")
_COMMA_SPACE = re.compile(r",? \Z")


@dataclass(frozen=True, slots=True)
class Native:
    """The words of native.toml, as sets."""

    titles: frozenset[str]
    labels: frozenset[str]
    naming: frozenset[str]
    kin: frozenset[str]
    suffixes: frozenset[str]
    before: frozenset[str]
    houses: frozenset[str]
    place_cues: frozenset[str]
    ordinary: frozenset[str]
    urdu: frozenset[str]
    inside: frozenset[str]


@cache
def native() -> Native:
    """The lists, read once."""
    raw = {key: frozenset(_bare(word) for word in words) for key, words in lists("native.toml").items()}
    whole = (
        raw["ordinary"] | raw["years"] | raw["age_labels"] | frozenset(one.partition("=")[0] for one in raw["months"])
    )
    return Native(
        raw["titles"],
        raw["labels"] | raw["naming"],
        raw["naming"],
        raw["kin"],
        raw["suffixes"],
        raw["before"],
        raw["houses"],
        raw["place_cues"],
        whole,
        raw["urdu_names"],
        raw["inside"],
    )


def _bare(word: str) -> str:
    return read(word).plain


@lru_cache(maxsize=1 << 16)
def kind_of(word: str) -> str:
    """What a word is taken for: name, place, house, ordinary (o) or unknown (u)."""
    known = native()
    if word in known.ordinary or word in known.labels or word in known.kin or word in known.place_cues | known.before:
        return "o"
    if word in known.houses:
        return HOUSE
    if word in known.urdu:
        return NAME
    if ARABIC.match(word):
        return "u"
    keys = sound_keys()
    for form in _forms(word):
        if form in known.ordinary:
            return "o"
        key = brahmic_key(form)
        # A short key is the key of half the words of a language.
        if len(form) >= 3 and key in keys and len(key) >= 3:
            return keys[key] if len(key) > 3 or keys[key] != NAME else WEAK
    return "u"


def _forms(word: str) -> Iterator[str]:
    """The word, and the word without an ending of grammar."""
    yield word
    if _FLAP.search(word):
        yield _FLAP.sub("र", word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            yield word[: -len(ending)]


def find_native(plain: str) -> Iterator[Span]:
    """Names, houses and places in Indian scripts; offsets are those of the reading."""
    if plain.isascii():
        return
    words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(plain)]
    kinds = [kind_of(word) for _start, _end, word in words]
    at = 0
    while at < len(words):
        last = _from(plain, words, kinds, at)
        if last is not None:
            yield last[0]
        at = max(at + 1, last[1] + 1 if last is not None else 0)
    yield from _houses(plain, words, kinds)


def _gap(plain: str, words: list[tuple[int, int, str]], at: int) -> str:
    end = words[at][1]
    return plain[end : min(words[at + 1][0], end + 16)] if at + 1 < len(words) else "\n\n\n"


def _from(plain: str, words: list[tuple[int, int, str]], kinds: list[str], at: int) -> tuple[Span, int] | None:
    """The span that begins at a word, with the number of its last word."""
    known, word = native(), words[at][2]
    if word in known.titles and _JOINT.match(_gap(plain, words, at)) and kinds[at + 1] != "o":
        last = _run(plain, words, kinds, at + 1)
        return found(words[at][0], words[last][1], "name", 0.9), last
    if word in known.labels | known.kin and _LABEL_JOINT.match(_gap(plain, words, at)):
        marked = bool(_SIGN_GAP.search(_gap(plain, words, at)))
        naming = marked or word in known.naming
        if (
            kinds[at + 1] in (NAME, WEAK)
            or (naming and kinds[at + 1] == "u" and word in known.labels)
            or words[at + 1][2] in known.titles
        ):
            last = _run(plain, words, kinds, at + 1, greedy=naming)
            return found(words[at + 1][0], words[last][1], "name", 0.85), last
    if word in known.place_cues and _LABEL_JOINT.match(_gap(plain, words, at)) and kinds[at + 1] != "o":
        return found(words[at + 1][0], words[at + 1][1], "place", 0.75), at + 1
    beside = at + 1 < len(words) and kinds[at + 1] in (NAME, WEAK) and _gap(plain, words, at) == " "
    if kinds[at] == NAME or (
        kinds[at] == WEAK and (beside or (at + 1 < len(words) and words[at + 1][2] in known.before | known.suffixes))
    ):
        last = _run(plain, words, kinds, at)
        return found(words[at][0], words[last][1], "name", 0.8 if last > at else 0.65), last
    if kinds[at] == PLACE:
        return found(words[at][0], words[at][1], "place", 0.65), at
    follows = (
        at + 1 < len(words) and words[at + 1][2] in known.before | known.suffixes and _gap(plain, words, at) == " "
    )
    if kinds[at] == "u" and follows and len(word) > 2:
        last = at + 1 if words[at + 1][2] in known.suffixes else at
        return found(words[at][0], words[last][1], "name", 0.75), last
    cued = at + 1 < len(words) and words[at + 1][2] in known.place_cues and _gap(plain, words, at) == " "
    return (found(words[at][0], words[at][1], "place", 0.65), at) if cued and kinds[at] == "u" else None


def _run(plain: str, words: list[tuple[int, int, str]], kinds: list[str], at: int, *, greedy: bool = True) -> int:
    """The last word of a name: words joined by a space, up to the first ordinary one."""
    last, known = at, native()
    while last + 1 < len(words) and last - at < 3 and _JOINT.match(_gap(plain, words, last)):
        word, kind = words[last + 1][2], kinds[last + 1]
        if word in known.before:
            break
        if word in known.suffixes:
            last += 1
            continue
        if kind not in (NAME, WEAK, PLACE, "u") or (kind == "u" and not greedy) or word in known.titles:
            break
        last += 1
    return last


def _at_place(words: list[tuple[int, int, str]], at: int, kinds: list[str]) -> bool:
    """Whether an unknown word is followed by one that means in, from or of."""
    return kinds[at] != "o" and at + 1 < len(words) and words[at + 1][2] in native().inside


def _houses(plain: str, words: list[tuple[int, int, str]], kinds: list[str]) -> Iterator[Span]:
    """A house with the unknown words before it and the place behind it."""
    for at, kind in enumerate(kinds):
        if kind != HOUSE:
            continue
        first = last = at
        while first and at - first < 4 and kinds[first - 1] != "o" and _gap(plain, words, first - 1) == " ":
            first -= 1
        if (
            first
            and words[first - 1][2] in ("அரசு", "सरकारी", "ജില്ലാ", "సర్కారు", "প্রাথমিক")
            and _gap(plain, words, first - 1) == " "
        ):
            first -= 1
        while (
            last + 1 < len(words)
            and last - at < 2
            and _COMMA_SPACE.match(_gap(plain, words, last))
            and (
                kinds[last + 1] in (PLACE, HOUSE)
                or _at_place(words, last + 1, kinds)
                or ("," in _gap(plain, words, last) and kinds[last + 1] in ("u", NAME))
            )
        ):
            last += 1
        yield found(words[first][0], words[last][1], "hospital", 0.8 if first < last else 0.5)
