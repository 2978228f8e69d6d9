"""Names of people in Latin letters: by the titles, labels and kinship words before them, by lists, by capitals.

The last resort is the strongest: in a text about a disease a word with a capital that no list of ordinary or
medical words knows is a name until a person says otherwise.
"""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found
from confrere.core.words.tokens import INITIAL, LOWER, TITLE, UPPER, Tokens
from confrere.core.words.vocabulary import (
    DOUBTFUL,
    HOUSE_DOUBTFUL,
    NAME,
    ORDINARY,
    PLACE_DOUBTFUL,
    UNKNOWN,
    likeness,
    vocabulary,
)

TITLES = frozenset(
    "dr mr mrs ms miss prof professor smt shri shree sri shrimati kum kumari master mast mohd md late sister "
    "adv er capt captain major "
    "maj colonel col lt gen brig sgt subedar sub havildar hav naik nk sepoy inspector constable haji hajji "
    "maulana moulvi swami baba "
    "sant sardar sardarni pandit pt fr father rev pastor thiru tmt thirumathi selvi sow chi messrs mstr mx "
    "madam dr's drs doctor "
    "nurse smti srimati janab begum bibi advocate sir sk sd skh sr sis bro br".split()
)
# Titles that are also words or short forms: what follows must look like a name by itself.
WEAK_TITLES = frozenset(
    "mr ms dr md sr late master miss father major sub lt col gen sister baba er pt fr chi sir madam doctor "
    "nurse begum er captain".split()
)
KIN = frozenset(
    "son daughter husband wife mother father brother sister uncle aunt aunty attender attendant relative "
    "guardian bystander informant "
    "patient pt pts nephew niece grandson granddaughter grandmother grandfather neighbour spouse beta beti pati "
    "patni pita mata bhai behen "
    "client pati husband's wife's father's mother's son's daughter's patients mareez mareej mariz marij "
    "consultant surgeon anaesthetist "
    "anesthetist radiologist physician cardiologist neurologist neurosurgeon resident intern technician "
    "sonographer radiographer colleague "
    "friend boss unit mr mrs lady gentleman gentlelady girl boy child baby infant newborn male female man woman "
    "named called bearer sarpanch "
    "teacher driver farmer student nurse signed signature by myself thanks regards hod prof".split()
)
LABELS = frozenset(
    "name naam names pname patientname ptname fullname peru hesaru nam initials alias surname firstname "
    "lastname nickname".split()
)
_LABEL_GAP = re.compile(r"[ \t]{0,3}(?:is|was|of|no\.?|hai)?[ \t]{0,2}[:\-=.>]{0,3}[ \t\n]{0,3}\Z")
_RELATION = re.compile(
    r"(?i)(?<![A-Za-z])(?:[sdwfbcmh] ?/ ?o|baby of|b/o|twin \w of|case of|belongs? to|son of|daughter of|"
    r"wife of|husband of|mother of|father of|ref(?:erred)?\.? ?(?:by|to|from)|(?:reported|operated|performed|"
    r"done|seen|signed|verified|typed|requested|advised|prescribed|examined|treated|reviewed|written|posted|"
    r"sent|shared|handled|attended|admitted|informed|accompanied|brought) by|under(?: the care of)?|"
    r"discussed with|spoke (?:to|with)|i am|this is|my name is|c/o)[ .:\-]{1,3}$"
)
_JOIN = re.compile(r"(?:\.? |\.|-|, ?(?=[A-Z]\b)|\^|_|  )\Z")
_TIGHT_JOIN = re.compile(r"(?: {1,2}|\. ?|-|\^|_)\Z")
_AGE_AFTER = re.compile(
    r"\s?[,(\-/]?\s?(?:aged? )?\d{1,3}\s?(?:-?\s?(?:y|yr|yrs|years?|m|f|male|female)\b|/)", re.IGNORECASE
)
_CARET = re.compile(r"(?<![A-Za-z^])[A-Za-z]{2,40}(?:\^{1,3}[A-Za-z.]{1,40}){1,4}\^{0,3}")
_INITIALS = re.compile(r"(?i:\binitials?\b)\W{0,4}((?:[A-Za-z]\.? ?){2,4})(?![a-z])")
_CUED_INITIALS = re.compile(r"\b(?:Mr|Mrs|Ms|Smt|Dr|Pt|Patient|Mr\.|Dr\.) ?\.? ?((?:[A-Z]\. ?){1,4}[A-Z]?\b\.?)")
_POSSESSED = re.compile(r"'s?\b")
_SUFFIX_ALWAYS = frozenset("bhai amma sir madam ben das".split())
_SUFFIX_TITLED = frozenset("bi bee".split())
_NO_PART = frozenset(("sir", "madam", "pt"))
"""Titles that are no part of the name, as Mr is."""
_BEFORE_SEX = frozenset("0123456789/")
_LIKE_TITLE, _LIKE_UPPER, _LIKE_SHORT = -4.0, 2.0, 6.0
"""How much an unknown word with a capital, or one in capitals or of few letters, must be built like a name."""
_STOP = frozenset(
    "the a an and or of in on at by to from with for is was has had he she his her they it this that these "
    "those who which no not "
    "yes ok as if so but nor we i you my our your please kindly".split()
)
_NAMELIKE = frozenset((NAME, DOUBTFUL, UNKNOWN, PLACE_DOUBTFUL, HOUSE_DOUBTFUL))

_RELATION_ENDS = frozenset("o of by to with from am is under".split())
_AFTER_TITLE = re.compile(r"\.?\)? {0,2}\(?\Z")
_AFTER_SHORT_TITLE = re.compile(r"\.?\)? {0,2}\Z")
_SIGN_GAP = re.compile(r"[:\-=]")
_AFTER_KIN = re.compile(r"[ \t]{0,2}(?:,|:|-|\.|is|named)?[ \t\n]{0,2}")
_AFTER_INITIAL = re.compile(r"\.|[,\s)]|\Z")
_FULL_STOP = re.compile(r"\. ?")
_EPONYM_GAP = re.compile(r"(?:'s?)?[ \-]\Z|'s? \Z|-\Z")
_INITIAL_ENDS = re.compile(r"\.|[ ,;)\n]|\Z")
_COMMA = re.compile(r",")
_BEFORE_INITIAL = re.compile(r"\. ?| ")
_TITLE_GAP = re.compile(r"\.?\)? {0,2}\(?")
_SPACE = re.compile(r" ")


def find_names(tokens: Tokens) -> Iterator[Span]:
    """Names in Latin letters; offsets are those of the reading."""
    plain = tokens.plain
    if "^" in plain:
        yield from (found(*match.span(), "name", 0.9) for match in _CARET.finditer(plain))
    yield from (found(*match.span(1), "name", 0.8) for match in _INITIALS.finditer(plain))
    yield from (found(match.start(), match.end(), "name", 0.8) for match in _CUED_INITIALS.finditer(plain))
    at, count = 0, len(tokens.words)
    while at < count:
        kind, shape = tokens.kinds[at], tokens.shapes[at]
        if kind == ORDINARY and tokens.lowers[at] not in TITLES and tokens.lowers[at] not in LABELS:
            at += 1
            continue
        span, following = _at(tokens, at, kind, shape)
        if span is not None:
            yield span
        at = following


def _at(tokens: Tokens, at: int, kind: str, shape: str) -> tuple[Span | None, int]:
    """The name that begins at a word, if one does, and the word to go on from."""
    lower = tokens.lowers[at]
    if lower in TITLES and at + 1 < len(tokens.words):
        end = _titled(tokens, at)
        if end > at:
            start = tokens.starts[at + 1] if lower in _NO_PART else _left(tokens, at)
            return found(start, _right(tokens, end), "name", 0.9), end + 1
    if lower in LABELS and _LABEL_GAP.match(tokens.gap(at)) and at + 1 < len(tokens.words):
        end = _labelled(tokens, at)
        if end > at:
            return found(tokens.starts[at + 1], _right(tokens, end), "name", 0.85), end + 1
    if kind in _NAMELIKE and lower not in _STOP:
        score = _plain_name(tokens, at, kind, shape)
        if score:
            end = _run(tokens, at, 4)
            return found(
                _left(tokens, at), _right(tokens, end), "name", max(score, 0.85 if end > at and score > 0.5 else 0.0)
            ), end + 1
    return None, at + 1


def _titled(tokens: Tokens, at: int, depth: int = 3) -> int:
    """The last word of the name after a title, or `at` when none follows."""
    lower, gap = tokens.lowers[at], tokens.gap(at)
    following = at + 1
    if tokens.lowers[following] == lower or not _AFTER_TITLE.match(gap):
        return at
    if (
        depth
        and tokens.lowers[following] in TITLES
        and following + 1 < len(tokens.words)
        and _AFTER_SHORT_TITLE.match(tokens.gap(following))
    ):
        deeper = _titled(tokens, following, depth - 1)
        return deeper if deeper > following else at
    kind, shape, word = tokens.kinds[following], tokens.shapes[following], tokens.lowers[following]
    if word in _STOP:
        return at
    weak = lower in WEAK_TITLES and (tokens.shapes[at] != TITLE or lower in _WEAK_IN_ANY_CASE)
    if lower in _NEEDS_NAME and kind not in (NAME, DOUBTFUL):
        return at
    if shape == INITIAL:
        return _run(tokens, following, 4)
    if kind == ORDINARY:
        plausible = not weak and shape == TITLE and lower not in ("pt",) and word not in vocabulary().allowed | _NEVER
    else:
        plausible = shape != LOWER or kind in (NAME, DOUBTFUL) or (kind == UNKNOWN and not weak)
    return _run(tokens, following, 4) if plausible else at


_WEAK_IN_ANY_CASE = frozenset(
    "late master major father sub sir madam sister doctor nurse md miss begum baba captain sr sk br".split()
)
_NEEDS_NAME = frozenset("sir madam md sub sr br bro sis".split())
"""Titles after which only a name of the lists counts: serum creatinine is written Sr. creatinine."""
_NEVER = frozenset("patient case clinic hospital call duty on please said advised sir madam for and".split())


def _labelled(tokens: Tokens, at: int) -> int:
    following = at + 1
    if tokens.lowers[following] in TITLES:
        deeper = _titled(tokens, following)
        return deeper if deeper > following else at
    kind, shape, lower = tokens.kinds[following], tokens.shapes[following], tokens.lowers[following]
    marked = bool(_SIGN_GAP.search(tokens.gap(at)))
    if lower in _STOP or lower in LABELS or (kind == ORDINARY and not (marked and shape != LOWER)):
        return at
    if kind == ORDINARY and lower in vocabulary().allowed:
        return at
    return _run(tokens, following, 4) if shape != LOWER or kind != ORDINARY else at


def _plain_name(tokens: Tokens, at: int, kind: str, shape: str) -> float:
    """How sure it is that the word is a name by itself: 0 when it is none."""
    cued = _cued(tokens, at)
    if shape == LOWER:
        return _lower_name(tokens, at, kind, cued=cued)
    if shape == INITIAL or is_eponym(tokens, at, kind):
        return 0.0
    length = len(tokens.words[at])
    if kind == NAME:
        return 0.85 if cued or shape == TITLE else 0.8
    if kind == UNKNOWN:
        enough = length >= 3 if shape == TITLE else length >= 5
        if cued:
            return 0.8 if enough else (0.75 if shape == TITLE else 0.0)
        short = length < (5 if shape == TITLE else 6)
        least = _LIKE_SHORT if short else _LIKE_TITLE if shape == TITLE else _LIKE_UPPER
        return 0.55 if enough and likeness(tokens.lowers[at]) >= least else 0.0
    return _doubtful_name(tokens, at, kind, cued=cued)


def _doubtful_name(tokens: Tokens, at: int, kind: str, *, cued: bool) -> float:
    """A word that is a name and something else too."""
    if len(tokens.words[at]) < 3 and not cued and not _beside_name(tokens, at):
        return 0.0
    if cued or (_AGE_AFTER.match(tokens.plain, tokens.ends[at]) and tokens.shapes[at] == TITLE):
        return 0.8 if kind == DOUBTFUL else 0.0
    if _beside_name(tokens, at):
        return 0.8 if kind == DOUBTFUL else 0.0
    english = tokens.lowers[at] in vocabulary().ordinary or tokens.lowers[at] in vocabulary().allowed
    if kind != DOUBTFUL or english or tokens.shapes[at] != TITLE or len(tokens.words[at]) < 4:
        return 0.0
    return 0.6


def _lower_name(tokens: Tokens, at: int, kind: str, *, cued: bool) -> float:
    """A name in small letters: only from a list, or after a word that announces one."""
    length = len(tokens.words[at])
    if kind == NAME and length >= 4:
        return 0.8 if cued else 0.65
    if kind == NAME and cued:
        return 0.7
    if (
        kind == DOUBTFUL
        and cued
        and length >= 4
        and tokens.lowers[at] not in vocabulary().ordinary
        and tokens.lowers[at] not in vocabulary().allowed
    ):
        return 0.6
    return 0.0


def _cued(tokens: Tokens, at: int) -> bool:
    """Whether a word before it says that a person follows."""
    start = tokens.starts[at]
    if at and tokens.lowers[at - 1] in KIN and _AFTER_KIN.fullmatch(tokens.plain[tokens.ends[at - 1] : start][:8]):
        return True
    return bool(
        at and tokens.lowers[at - 1] in _RELATION_ENDS and _RELATION.search(tokens.plain[max(0, start - 28) : start])
    )


def _beside_name(tokens: Tokens, at: int) -> bool:
    """Whether the next or the last word, joined to it, is a name by itself, or an initial is."""
    if at + 1 < len(tokens.words) and _TIGHT_JOIN.match(tokens.gap(at)):
        following, shape = tokens.kinds[at + 1], tokens.shapes[at + 1]
        if (
            following == NAME
            or (following == UNKNOWN and shape == TITLE)
            or tokens.lowers[at + 1] in vocabulary().after_a_name
        ) and (shape != LOWER or following == NAME):
            return True
        if (
            following == DOUBTFUL
            and shape == TITLE
            and tokens.shapes[at] == TITLE
            and not is_eponym(tokens, at + 1, following)
        ):
            return True
        if (
            shape == INITIAL
            and tokens.shapes[at] == TITLE
            and _AFTER_INITIAL.match(tokens.gap(at + 1))
            and tokens.lowers[at] not in vocabulary().ordinary
        ):
            return True
    return bool(
        at
        and tokens.shapes[at - 1] == INITIAL
        and _FULL_STOP.fullmatch(tokens.gap(at - 1))
        and tokens.shapes[at] == TITLE
        and not tokens.opens(at)
        and tokens.lowers[at] not in vocabulary().ordinary
    )


def is_eponym(tokens: Tokens, at: int, kind: str) -> bool:
    """Whether the word names a sign, a disease or a method: Virchow node, Sharma classification."""
    if at and tokens.gap(at - 1) == "-" and tokens.lowers[at - 1] in vocabulary().allowed:
        return kind in (UNKNOWN, DOUBTFUL)
    following, end = at, at + 3
    while following + 1 < min(end, len(tokens.words)):
        if not _EPONYM_GAP.match(tokens.gap(following)):
            return False
        following += 1
        if tokens.lowers[following] in vocabulary().eponym_heads:
            strict = tokens.lowers[following] in _STRICT_HEADS
            return strict or kind in (UNKNOWN, DOUBTFUL)
        if tokens.shapes[following] != TITLE:
            return False
    return False


_STRICT_HEADS = frozenset(
    "syndrome disease sign signs classification criteria score scale staging test reflex manoeuvre maneuver "
    "phenomenon triad procedure tumour tumor lymphoma".split()
)


def _run(tokens: Tokens, at: int, most: int) -> int:
    """The last word of a name that begins at `at`: names, initials and suffixes that are joined to it."""
    end, kept = at, at
    known = vocabulary()
    while end + 1 < len(tokens.words) and end - at < most + 2:
        if not _JOIN.match(tokens.gap(end)):
            break
        following = end + 1
        kind, shape, lower = tokens.kinds[following], tokens.shapes[following], tokens.lowers[following]
        if shape == INITIAL:
            ends = _INITIAL_ENDS.match(tokens.plain[tokens.ends[following] : tokens.ends[following] + 1])
            if not ends or lower == "i":
                break
            end = kept = following
            continue
        if _COMMA.search(tokens.gap(end)):
            break
        suffix = lower in known.after_a_name and (lower not in known.allowed or lower in _SUFFIX_ALWAYS)
        suffix = suffix or (lower in _SUFFIX_TITLED and shape == TITLE)
        if tokens.gap(end).startswith(". ") and len(tokens.words[end]) > 4 and kind not in (NAME,):
            break
        joined = (kind in _NAMELIKE and (shape != LOWER or kind == NAME)) or suffix
        if (
            not joined
            or lower in _STOP
            or (is_eponym(tokens, following, kind) and kind != NAME)
            or (kind == UNKNOWN and shape == UPPER and len(lower) < 4)
        ):
            break
        end = kept = following
    return kept


def _right(tokens: Tokens, at: int) -> int:
    """Where the name ends: an initial takes its full stop along."""
    end = tokens.ends[at]
    if tokens.shapes[at] == INITIAL and tokens.plain[end : end + 1] == ".":
        return end + 1
    return end


def _left(tokens: Tokens, at: int) -> int:
    """Where the name begins, initials and titles before it included."""
    first = at
    for _step in range(5):
        before = first - 1
        if before < 0:
            break
        gap = tokens.gap(before)
        lower, shape = tokens.lowers[before], tokens.shapes[before]
        if shape == INITIAL and tokens.plain[max(0, tokens.starts[before] - 1) : tokens.starts[before]] in _BEFORE_SEX:
            break
        if shape == INITIAL and lower not in ("i", "a") and _BEFORE_INITIAL.fullmatch(gap):
            first = before
        elif shape == INITIAL and lower == "a" and _FULL_STOP.fullmatch(gap):
            first = before
        elif lower in TITLES and _TITLE_GAP.fullmatch(gap) and (shape == TITLE or "." in gap) and lower not in _NO_PART:
            first = before
        elif (
            shape == TITLE
            and tokens.kinds[before] == DOUBTFUL
            and _SPACE.fullmatch(gap)
            and lower not in vocabulary().ordinary
            and lower not in vocabulary().allowed
        ):
            first = before
        else:
            break
    return tokens.starts[first]


__all__ = ["KIN", "LABELS", "TITLES", "UPPER", "find_names"]
