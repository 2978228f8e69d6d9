"""Houses of medicine in Latin letters: by the word for what they are, by their own names, with their place."""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found
from confrere.core.words.surroundings import CUE, STOPS_LEFT, ends_in_road, regions
from confrere.core.words.tokens import LOWER, TITLE, Tokens
from confrere.core.words.vocabulary import (
    DOUBTFUL,
    HOUSE,
    HOUSE_DOUBTFUL,
    NAME,
    ORDINARY,
    PLACE,
    PLACE_DOUBTFUL,
    UNKNOWN,
    vocabulary,
)

_BEFORE_PLACE = frozenset("new navi north south east west old greater central".split())
_SMALL_PARTS = frozenset(
    "medical nursing health diagnostic scan eye heart general district civil govt path taluk government".split()
)
_BRANDS = re.compile(f"[{HOUSE}{HOUSE_DOUBTFUL}]")
_PROPER = frozenset((NAME, UNKNOWN, PLACE, PLACE_DOUBTFUL, HOUSE, HOUSE_DOUBTFUL, DOUBTFUL))
_HEADS = frozenset(
    "hospital hospitals clinic clinics polyclinic diagnostic diagnostics pathlabs labs lab laboratory "
    "laboratories imaging scans scan "
    "sanatorium dispensary medicity institute institutes university college school foundation nethralaya "
    "eyecare healthcare phc chc "
    "medicare maternity hosp multispeciality multispecialty superspeciality pathology radiology ayurveda ashram "
    "convent vidyalaya "
    "pharmacy medicals chemists trust mission home centre center oncology orthopaedics hsptl hospitals'".split()
)
# These name a house only behind a second word: Nursing Home, Health Centre, Medical College.
_PAIRED = {
    "home": frozenset(("nursing", "maternity")),
    "centre": frozenset(
        "health medical diagnostic scan imaging cancer heart eye kidney research mri ct radiology trauma "
        "fertility ivf dialysis diabetes".split()
    ),
    "center": frozenset(
        "health medical diagnostic scan imaging cancer heart eye kidney research mri ct radiology trauma "
        "fertility ivf dialysis diabetes".split()
    ),
}
# These are a house only behind a proper name, never behind an ordinary word (chest imaging, CT scan).
_NEEDS_PROPER = frozenset(
    "imaging scan scans diagnostic lab labs laboratory school college trust mission pathology radiology "
    "maternity oncology foundation convent home centre center orthopaedics healthcare university institute "
    "institutes pharmacy".split()
)
_GENERIC = frozenset(
    "district civil government govt general primary community private local nearby another same other our my "
    "your their tertiary care base "
    "rural taluk taluka area multispeciality multispecialty super speciality specialty city new old referral "
    "teaching central trauma the a an "
    "this that any some peripheral outside previous cancer heart eye dental children childrens women maternity "
    "mental health nursing medical "
    "diagnostic imaging scan corporate big higher parent nearest village town military mobile vaccination fever "
    "ent in at from to of for and "
    "by with his her was is on visited visiting attended admitted referred another day out night home post pre "
    "during ct mri usg x ray pet path "
    "first second third last next".split()
)
_NAMED_HOUSE = re.compile(
    r"(?i)\b(?:tata memorial|ruby hall|breach candy|(?:sir )?ganga ?ram|lok nayak|holy family|holy spirit|"
    r"medical trust|belle vue|hind labs|(?:dr\.? )?lal path ?labs?|rg kar|red cross|"
    r"max (?:saket|patparganj|vaishali|healthcare|shalimar bagh|smart)|(?-i:Care|CARE) (?:hospitals?|banjara)|"
    r"baby memorial|silver line|bharat scans|global hospitals?|city scan|bombay hospital|"
    r"jubilee mission|little flower|nirmala|st\.? (?:johns?|john's|martha'?s|stephen'?s|philomena'?s|theresa'?s|"
    r"mary'?s|ann'?s|joseph'?s)|park clinic|army hospital(?: r ?& ?r)?|command hospital|"
    r"base hospital|sir jj|j\.? ?j\.? hospital|railway hospital|esi(?:c)? hospital|pgi(?:mer)?|lady hardinge|"
    r"ram manohar lohia|rml|escorts|rotary|lions|bangur|chittaranjan|calcutta medical)"
    r"\b(?:,? (?-i:[A-Z])[A-Za-z]+(?: (?-i:[A-Z])[A-Za-z]+)?)?"
)
_NAMED_HOUSE_WORDS = frozenset(
    "tata ruby breach sir ganga gangaram lok holy medical belle hind dr lal rg red max care baby silver bharat "
    "global city bombay jubilee little nirmala st "
    "park army command base jj j railway esi esic pgi pgimer lady ram rml escorts rotary lions bangur "
    "chittaranjan calcutta".split()
)
_HOUSE_LEFT = re.compile(r" {1,2}|\. ?|-| ?& ?|'s? |, (?=[A-Z])")
_HOUSE_RIGHT = re.compile(r",? {1,2}\Z|-\Z| ?\(\Z|, ?(?:at |in )?\Z| (?:at|in|of|for) \Z|,? {0,2}\Z")
_COMMA_SPACE = re.compile(r",? \Z")


def find_houses(tokens: Tokens) -> Iterator[Span]:
    """Houses of medicine; offsets are those of the reading."""
    for at in tokens.where(_NAMED_HOUSE_WORDS):
        named = _NAMED_HOUSE.match(tokens.plain, tokens.starts[at])
        if named:
            yield found(*named.span(), "hospital", 0.8)
    for at in tokens.where(_HEADS):
        span = _house(tokens, at) if not at or tokens.lowers[at - 1] != tokens.lowers[at] else None
        if span is not None:
            yield span
    for match in _BRANDS.finditer(tokens.kinds):
        yield from _brand(tokens, match.start(), match.group(), tokens.shapes[match.start()])


def _house(tokens: Tokens, at: int) -> Span | None:
    """The house whose kind the word at `at` tells, with the words of its name before and after."""
    lower, shape = tokens.lowers[at], tokens.shapes[at]
    if lower in _PAIRED and (not at or tokens.lowers[at - 1] not in _PAIRED[lower]):
        return None
    first, proper, titled = _before_house(tokens, at)
    end = _after_house(tokens, at)
    followed = end > tokens.ends[at]
    if first == at and not (followed and shape == TITLE and lower.startswith(("hospital", "clinic", "institute"))):
        return None
    told = proper or followed
    if not told and not (titled and shape != LOWER and lower not in _NEEDS_PROPER):
        return None
    while tokens.lowers[first] in ("of", "and"):
        first += 1
    return found(tokens.starts[first], end, "hospital", 0.85 if told else 0.6)


def _before_house(tokens: Tokens, at: int) -> tuple[int, bool, bool]:
    """The first word of the house's name, whether one is proper to it, and whether one has a capital."""
    first, proper, titled = at, False, False
    while first and at - first < 8:
        before = first - 1
        word, form, kind = tokens.lowers[before], tokens.shapes[before], tokens.kinds[before]
        if word in ("of", "and") and before and tokens.shapes[before - 1] == TITLE and form == LOWER:
            first = before
            continue
        if not _belongs(tokens, before):
            break
        generic = word in _GENERIC or kind == ORDINARY
        if form == LOWER:
            proper = proper or not generic
        else:
            titled = titled or not (tokens.opens(before) and generic)
            proper = proper or not generic
        first = before
    return first, proper, titled


def _belongs(tokens: Tokens, before: int) -> bool:
    """Whether the word before a house's name is a part of it."""
    gap, word = tokens.gap(before), tokens.lowers[before]
    if not _HOUSE_LEFT.fullmatch(gap) or (", " in gap and word != "st") or (word in STOPS_LEFT and word != "dr"):
        return False
    if gap.startswith(".") and len(word) > 3:
        return False
    if tokens.shapes[before] != LOWER:
        return True
    kind = tokens.kinds[before]
    unlike = kind == UNKNOWN and len(word) < 4
    return word in _SMALL_PARTS or (kind in _PROPER and word not in _GENERIC and not unlike)


def _after_house(tokens: Tokens, at: int) -> int:
    """Where the house's name ends: a place behind it belongs to it."""
    end, last = tokens.ends[at], at
    for _step in range(5):
        following = last + 1
        if following >= len(tokens.words) or not _HOUSE_RIGHT.match(tokens.gap(last)) or tokens.gap(last) == "":
            break
        lower, shape, kind = tokens.lowers[following], tokens.shapes[following], tokens.kinds[following]
        if last == at and lower in ("and", "of", "for", "at", "in", "&") and following + 1 < len(tokens.words):
            beyond = following + 1
            if (
                tokens.shapes[beyond] == TITLE
                and (lower in ("and", "of", "for") or tokens.kinds[beyond] in (PLACE, PLACE_DOUBTFUL))
                and tokens.gap(following) == " "
            ):
                if lower in ("and",) and tokens.lowers[beyond] not in (
                    "research",
                    "hospital",
                    "medical",
                    "trauma",
                    "maternity",
                    "diagnostic",
                    "centre",
                    "surgical",
                    "institute",
                    "heart",
                    "eye",
                    "diabetes",
                    "nursing",
                    "clinic",
                ):
                    break
                if (
                    lower in ("of", "for")
                    and tokens.kinds[beyond] == ORDINARY
                    and tokens.lowers[at] not in ("institute", "college", "school")
                ):
                    break
                last, end = beyond, tokens.ends[beyond]
                continue
            break
        place = (
            kind in (PLACE, PLACE_DOUBTFUL)
            or lower in regions()
            or lower in _HEADS
            or lower in ("college", "research", "centre", "center", "sciences")
        )
        if lower in _BEFORE_PLACE and following + 1 < len(tokens.words) and shape == TITLE:
            place = tokens.kinds[following + 1] in (PLACE, PLACE_DOUBTFUL) and tokens.gap(following) == " "
        roadlike = shape == TITLE and ends_in_road(tokens, following)
        unknown = shape == TITLE and kind in (UNKNOWN, NAME) and not tokens.opens(following)
        if not ((place and (shape != LOWER or kind == PLACE or lower in _HEADS)) or roadlike or unknown):
            break
        last, end = following, tokens.ends[following]
    return end


def _brand(tokens: Tokens, at: int, kind: str, shape: str) -> Iterator[Span]:
    """A house known by its name alone: Medanta, AIIMS Delhi."""
    end = _after_house(tokens, at)
    if kind == HOUSE and (shape != LOWER or len(tokens.words[at]) >= 5):
        yield found(tokens.starts[at], end, "hospital", 0.85)
    elif kind == HOUSE_DOUBTFUL and shape != LOWER:
        cue = CUE.search(tokens.plain[max(0, tokens.starts[at] - 24) : tokens.starts[at]])
        following = tokens.kinds[at + 1] if at + 1 < len(tokens.words) and _COMMA_SPACE.match(tokens.gap(at)) else ""
        proper = tokens.lowers[at] not in vocabulary().ordinary and tokens.lowers[at] not in vocabulary().allowed
        if (
            following in (PLACE, PLACE_DOUBTFUL)
            and following
            and tokens.shapes[at + 1] != LOWER
            and (following == PLACE or proper)
        ):
            yield found(tokens.starts[at], end, "hospital", 0.85)
        elif cue and proper:
            yield found(tokens.starts[at], tokens.ends[at], "hospital", 0.6)
