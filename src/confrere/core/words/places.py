"""Houses of medicine, work and learning, places and addresses in Latin letters."""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found
from confrere.core.words.tokens import INITIAL, LOWER, TITLE, UPPER, Tokens
from confrere.core.words.vocabulary import (
    DOUBTFUL,
    HOUSE,
    HOUSE_DOUBTFUL,
    NAME,
    ORDINARY,
    PLACE,
    PLACE_DOUBTFUL,
    UNKNOWN,
    likeness,
    vocabulary,
)

_HEADS = frozenset(
    "hospital hospitals clinic clinics polyclinic diagnostic diagnostics pathlabs labs lab laboratory laboratories imaging scans scan "
    "sanatorium dispensary medicity institute institutes university college school foundation nethralaya eyecare healthcare phc chc "
    "medicare maternity hosp multispeciality multispecialty superspeciality pathology radiology ayurveda ashram convent vidyalaya "
    "pharmacy medicals chemists trust mission home centre center oncology orthopaedics hsptl hospitals'".split()
)
# These name a house only behind a second word: Nursing Home, Health Centre, Medical College.
_PAIRED = {
    "home": frozenset(("nursing", "maternity")),
    "centre": frozenset("health medical diagnostic scan imaging cancer heart eye kidney research mri ct radiology trauma fertility ivf dialysis diabetes".split()),
    "center": frozenset("health medical diagnostic scan imaging cancer heart eye kidney research mri ct radiology trauma fertility ivf dialysis diabetes".split()),
}
# These are a house only behind a proper name, never behind an ordinary word (chest imaging, CT scan).
_NEEDS_PROPER = frozenset("imaging scan scans diagnostic lab labs laboratory school college trust mission pathology radiology maternity oncology foundation convent home centre center orthopaedics healthcare university institute institutes pharmacy".split())
_GENERIC = frozenset(
    "district civil government govt general primary community private local nearby another same other our my your their tertiary care base "
    "rural taluk taluka area multispeciality multispecialty super speciality specialty city new old referral teaching central trauma the a an "
    "this that any some peripheral outside previous cancer heart eye dental children childrens women maternity mental health nursing medical "
    "diagnostic imaging scan corporate big higher parent nearest village town military mobile vaccination fever ent in at from to of for and "
    "by with his her was is on visited visiting attended admitted referred another day out night home post pre during ct mri usg x ray pet path "
    "first second third last next".split()
)
_STOPS_LEFT = frozenset(
    "the a an in at from to of for by with was is on and or had has his her our my their this that which who where then also he she they it patient seen done went came i we "
    "admitted referred treated visited visit shifted scan mri ct usg xray report reports film films old previous outside name mera mere near via "
    "at. nurse doctor resident consultant professor intern working works worked studying called named hi dear sir from: hospital: centre: attended attending since till until".split()
)
_ROAD = (
    "road|rd|street|st|nagar|colony|layout|hills|hill|junction|cross|bazaar|bazar|market|chowk|gali|galli|lane|vihar|enclave|extension|extn|town|"
    "village|district|dist|taluk|taluka|tehsil|mandal|marg|path|peth|wadi|society|apartments?|apts?|towers?|fields|lake|beach|bridge|flyover|"
    "highway|garden|gardens|puram|pura|bagh|nagara|palya|mohalla|basti|quarters|cantt|cantonment|camp|estate|circle|main|naka|phata|stop|bus stand|"
    "railway station|airport|gaon|halli|sarai|tola|para|khurd|kalan|ganj|kunj|niwas|nivas|bhavan|bhawan|residency|heights|complex|plaza|mall|gate|park|chawl|bypass|ghat|temple|masjid|church|mandir|factory|mill|mills"
)
_ROADS = frozenset(
    (*_ROAD.replace("s?", "").split("|"), "apartments", "apts", "towers")
)
_SMALL_HEADS = frozenset("road junction nagar colony chowk street bazar bazaar village vihar layout flyover highway bridge market".split())
_WEAK_HEADS = frozenset("st main path circle gate park hill hills camp complex bridge cross stop extension heights factory mill garden para town market estate fields lake beach mall lane village district dist junction highway temple church quarters plaza".split())
_CUE = re.compile(
    r"(?i)(?<![A-Za-z])(?:from|hails? from|came from|coming from|native(?: place)?(?: of| is|:)?|resident of|residing (?:at|in)|resides? (?:at|in)|r/o|lives? (?:in|at|near)|"
    r"living (?:in|at)|settled (?:in|at)|belongs? to|belonging to|near|village|vill\.?|district|dist\.?|distt\.?|taluk\w{0,2}|tehsil|mandal|town of|city of|p\.?o\.?|p\.?s\.?|post office|"
    r"at\.? ?post|gaon|address|addr|place|station|travell?ed (?:to|from)|returned from|back from|shifted (?:to|from)|referred (?:to|from)|transferred (?:to|from)|sent (?:to|from)|went to|admitted (?:at|in|to)|treated (?:at|in)|"
    r"operated (?:at|in)|done (?:at|in)|taken (?:at|in)|evaluated (?:at|in)|scanned (?:at|in)|seen (?:at|in)|born (?:at|in)|in|at|to)[ :\-]{1,3}$"
)
_STRONG_CUE = re.compile(
    r"(?i)(?<![A-Za-z])(?:from|hails? from|native(?: place)?(?: of| is|:)?|resident of|residing (?:at|in)|resides? (?:at|in)|lives? (?:in|at|near)|living (?:in|at)|settled (?:in|at)|belongs to|village|vill\.?|"
    r"distt?\.?|district|taluk\w{0,2}|tehsil|mandal|at\.? ?post|travell?ed (?:to|from)|address|r/o)[ :\-]{1,3}$"
)
_NEAR_WORDS = frozenset("from near at in opp opposite behind beside of village district".split())
_WORK_WORDS = frozenset("at in for with of by from employed".split())
_WORTH = re.compile(f"[{HOUSE}{HOUSE_DOUBTFUL}{PLACE}{PLACE_DOUBTFUL}{UNKNOWN}{NAME}{DOUBTFUL}]")
_WORK = re.compile(r"(?i)(?<![A-Za-z])(?:works? (?:at|in|for|with)|working (?:at|in|for|with)|employ(?:ed|ee) (?:at|in|of|by|with)|employed|job (?:at|in)|posted (?:at|in)|studi(?:es|ed) (?:at|in)|studying (?:at|in)|student (?:of|at)|teach(?:es|er) (?:at|in)|engineer (?:at|in)|manager (?:at|in)|clerk (?:at|in)|driver (?:at|in|with)|officer (?:at|in)|retired from|nurse (?:at|in))[ :]{1,2}(?:the )?$")
_ADDRESS = re.compile(
    r"(?i)(?<![A-Za-z])(?:(?:h\.? ?no|house(?: ?no)?|flat(?: ?no)?|plot(?: ?no)?|door ?no|d\.? ?no|room no|qtr\.? ?no|quarter no|"
    r"survey no)\b[\s.:#\-]{0,4}(?=[A-Z]{0,2}[\-/]?\d)|(?:postal )?address\b(?: is)?[\s:\-]{1,4}(?=[A-Z0-9#])|addr?\b\.? ?[:\-]\s?(?=[A-Z0-9#]))"
)
_RESIDENCE = re.compile(
    r"(?<![A-Za-z])(?i:resident of|residing (?:at|in)|resides (?:at|in)|lives (?:at|in|near)|living (?:at|in)|native of|r/o|c/o address)[ :\-]{1,3}(?=[A-Z#\d][\w./\-]*[ ,])"
)
_NAMED_STOP = re.compile(
    r"\b(?:[A-Z][A-Za-z.]{0,24}[ \-]){1,3}(?:bus ?stand|bus ?stop|railway station|police station|metro station|toll plaza|thana|taluk hospital)\b|"
    r"\b(?:NH|SH|ORR|NICE)[ \-]?\d{1,3}[A-Z]?\b(?! ?(?:mm|cm|%))(?: near(?= [A-Z]))?|\b(?i:sector|sec)[ \-]\d{1,3}[A-Z]?(?=,| [A-Z])"
)
_NAMED_HOUSE = re.compile(
    r"(?i)\b(?:tata memorial|ruby hall|breach candy|(?:sir )?ganga ?ram|lok nayak|holy family|holy spirit|medical trust|belle vue|hind labs|(?:dr\.? )?lal path ?labs?|rg kar|red cross|"
    r"max (?:saket|patparganj|vaishali|healthcare|shalimar bagh|smart)|care (?:hospitals?|banjara)|baby memorial|silver line|bharat scans|global hospitals?|city scan|bombay hospital|"
    r"jubilee mission|little flower|nirmala|st\.? (?:johns?|john's|martha'?s|stephen'?s|philomena'?s|theresa'?s|mary'?s|ann'?s|joseph'?s)|park clinic|army hospital(?: r ?& ?r)?|command hospital|"
    r"base hospital|sir jj|j\.? ?j\.? hospital|railway hospital|esi(?:c)? hospital|pgi(?:mer)?|lady hardinge|ram manohar lohia|rml|escorts|rotary|lions|bangur|chittaranjan|calcutta medical)"
    r"\b(?:,? (?-i:[A-Z])[A-Za-z]+(?: (?-i:[A-Z])[A-Za-z]+)?)?"
)
_NAMED_HOUSE_WORDS = frozenset(
    "tata ruby breach sir ganga gangaram lok holy medical belle hind dr lal rg red max care baby silver bharat global city bombay jubilee little nirmala st "
    "park army command base jj j railway esi esic pgi pgimer lady ram rml escorts rotary lions bangur chittaranjan calcutta".split()
)
_PIECE = re.compile(r"[A-Za-z]+|\d[\dA-Za-z/\-]*|[\n;]|[.,#&()/:\- ]")
_NO_END = frozenset("and of the near opp opposite behind via at no next beside".split())
_ADDRESS_WORDS = frozenset("h house flat plot door d room qtr quarter survey postal address addr add resident residing resides lives living native r c".split())
_IN_ADDRESS = frozenset(
    "near opp opposite behind no floor main cross road street st rd nagar colony block sector phase post dist district village vill taluk tehsil pin state and of the "
    "po ps via at next beside above flat house plot door stage extn extension layout hno dno th st nd rd lane gali marg town city mandal opp. temple school bank station".split()
)
_PIN_AFTER = re.compile(r"[\s,.\-:()]{0,4}(?:(?i:pin(?:code)?)[\s:\-]{0,3})?[1-9]\d{2} ?\d{3}(?!\d)")
_PROPER = frozenset((NAME, UNKNOWN, PLACE, PLACE_DOUBTFUL, HOUSE, HOUSE_DOUBTFUL, DOUBTFUL))

_HOUSE_LEFT = re.compile(r" {1,2}|\. ?|-| ?& ?|'s? |, (?=[A-Z])")
_HOUSE_RIGHT = re.compile(r",? {1,2}$|-$| ?\($|, ?(?:at |in )?$| (?:at|in|of|for) $|,? {0,2}$")
_ROAD_GAP = re.compile(r" {1,2}$|\. ?$|-$")
_COMMA_SPACE = re.compile(r",? $")
_CHAIN_GAP = re.compile(r",? {1,2}$|-$|,$")
_ROAD_LEFT = re.compile(r" {1,2}|\. ?|-")
_NOT_OWN = re.compile(r"(?i)postal|addr?|r/o|c/o|re|li|na")


def find_places(tokens: Tokens) -> Iterator[Span]:
    """Houses, places, addresses and employers; offsets are those of the reading."""
    yield from _addresses(tokens)
    yield from (found(*match.span(), "place", 0.75) for match in _NAMED_STOP.finditer(tokens.plain))
    for at in tokens.where(_NAMED_HOUSE_WORDS):
        named = _NAMED_HOUSE.match(tokens.plain, tokens.starts[at])
        if named:
            yield found(*named.span(), "hospital", 0.8)
    cues, heads, roads = tokens.where(_NEAR_WORDS), tokens.where(_HEADS), tokens.where(_ROADS)
    for at in heads:
        span = _house(tokens, at) if not at or tokens.lowers[at - 1] != tokens.lowers[at] else None
        if span is not None:
            yield span
    for at in roads:
        if tokens.shapes[at] != LOWER or tokens.lowers[at] in _SMALL_HEADS:
            yield from _road(tokens, at)
    for at in (cue + 1 for cue in cues if cue + 1 < len(tokens.words)):
        if tokens.shapes[at] == TITLE and tokens.kinds[at] == ORDINARY and tokens.gap(at - 1) == " ":
            yield from _headed(tokens, at)
    for at in tokens.where(_WORK_WORDS | vocabulary().employers):
        yield from _employer(tokens, at)
    for at in tokens.where(_regions()):
        yield from _place(tokens, at, tokens.kinds[at], tokens.shapes[at])
    for match in _WORTH.finditer(tokens.kinds):
        at = match.start()
        kind, shape = match.group(), tokens.shapes[at]
        if kind in (HOUSE, HOUSE_DOUBTFUL):
            yield from _brand(tokens, at, kind, shape)
        elif kind in (PLACE, PLACE_DOUBTFUL) or shape in (TITLE, UPPER):
            yield from _place(tokens, at, kind, shape)


def _regions() -> frozenset[str]:
    return vocabulary().regions


def _house(tokens: Tokens, at: int) -> Span | None:
    """The house whose kind the word at `at` tells, with the words of its name before and after."""
    lower, shape = tokens.lowers[at], tokens.shapes[at]
    if lower in _PAIRED and (not at or tokens.lowers[at - 1] not in _PAIRED[lower]):
        return None
    first, proper, titled = at, False, False
    while first and at - first < 8:
        before = first - 1
        gap, word, form, kind = tokens.gap(before), tokens.lowers[before], tokens.shapes[before], tokens.kinds[before]
        if not _HOUSE_LEFT.fullmatch(gap) or (", " in gap and word not in ("st",)):
            break
        if word in ("of", "and") and before and tokens.shapes[before - 1] == TITLE and form == LOWER:
            first = before
            continue
        if word in _STOPS_LEFT and word not in ("dr",):
            break
        if form == LOWER and not (kind in _PROPER and word not in _GENERIC) and not (word in _GENERIC and word in ("medical", "nursing", "health", "diagnostic", "scan", "eye", "heart", "general", "district", "civil", "govt", "path", "taluk", "government")):
            break
        if form == LOWER and kind == UNKNOWN and len(word) < 4:
            break
        generic = word in _GENERIC or kind == ORDINARY
        if form in (TITLE, UPPER, INITIAL):
            titled = titled or not (tokens.opens(before) and generic)
            proper = proper or not generic or (form == UPPER and word not in vocabulary().allowed and kind != ORDINARY)
        elif not generic:
            proper = True
        first = before
    end = _after_house(tokens, at)
    followed = end > tokens.ends[at]
    if first == at and not (followed and shape == TITLE and lower.startswith(("hospital", "clinic", "institute"))):
        return None
    if not (proper or followed or (titled and shape != LOWER and lower not in _NEEDS_PROPER)):
        return None
    if lower in _NEEDS_PROPER and not proper and not followed:
        return None
    while tokens.lowers[first] in ("of", "and"):
        first += 1
    return found(tokens.starts[first], end, "hospital", 0.85 if proper or followed else 0.6)


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
            if tokens.shapes[beyond] == TITLE and (lower in ("and", "of", "for") or tokens.kinds[beyond] in (PLACE, PLACE_DOUBTFUL)) and tokens.gap(following) == " ":
                if lower in ("and",) and tokens.lowers[beyond] not in ("research", "hospital", "medical", "trauma", "maternity", "diagnostic", "centre", "surgical", "institute", "heart", "eye", "diabetes", "nursing", "clinic"):
                    break
                if lower in ("of", "for") and tokens.kinds[beyond] == ORDINARY and tokens.lowers[at] not in ("institute", "college", "school"):
                    break
                last, end = beyond, tokens.ends[beyond]
                continue
            break
        place = kind in (PLACE, PLACE_DOUBTFUL) or lower in _regions() or lower in _HEADS or lower in ("college", "research", "centre", "center", "sciences")
        roadlike = shape == TITLE and _headed_road(tokens, following)
        unknown = shape == TITLE and kind in (UNKNOWN, NAME) and not tokens.opens(following)
        if not ((place and (shape != LOWER or kind == PLACE or lower in _HEADS)) or roadlike or unknown):
            break
        last, end = following, tokens.ends[following]
    return end


def _headed_road(tokens: Tokens, at: int) -> bool:
    """Whether the words from `at` on end in a word for a road or a quarter: Old Airport Road."""
    for following in range(at, min(at + 4, len(tokens.words))):
        if tokens.shapes[following] not in (TITLE, UPPER, INITIAL):
            return following > at and tokens.lowers[following] in _SMALL_HEADS
        if tokens.lowers[following] in _ROADS:
            return following >= at
        if not _ROAD_GAP.match(tokens.gap(following)):
            return False
    return False


def _brand(tokens: Tokens, at: int, kind: str, shape: str) -> Iterator[Span]:
    """A house known by its name alone: Medanta, AIIMS Delhi."""
    end = _after_house(tokens, at)
    if kind == HOUSE and (shape != LOWER or len(tokens.words[at]) >= 5):
        yield found(tokens.starts[at], end, "hospital", 0.85)
    elif kind == HOUSE_DOUBTFUL and shape != LOWER:
        cue = _CUE.search(tokens.plain[max(0, tokens.starts[at] - 24) : tokens.starts[at]])
        following = tokens.kinds[at + 1] if at + 1 < len(tokens.words) and _COMMA_SPACE.match(tokens.gap(at)) else ""
        proper = tokens.lowers[at] not in vocabulary().ordinary and tokens.lowers[at] not in vocabulary().allowed
        if following in (PLACE, PLACE_DOUBTFUL) and following and tokens.shapes[at + 1] != LOWER and (following == PLACE or proper):
            yield found(tokens.starts[at], end, "hospital", 0.85)
        elif cue and proper:
            yield found(tokens.starts[at], tokens.ends[at], "hospital", 0.6)


def _place(tokens: Tokens, at: int, kind: str, shape: str) -> Iterator[Span]:
    lower, start = tokens.lowers[at], tokens.starts[at]
    before = tokens.plain[max(0, start - 24) : start]
    end = _chain(tokens, at)
    pin = _PIN_AFTER.match(tokens.plain, end)
    score = 0.0
    if kind == PLACE:
        score = 0.8 if shape != LOWER else (0.6 if len(lower) >= 5 else 0.0)
    elif kind == PLACE_DOUBTFUL and shape != LOWER:
        english = lower in vocabulary().ordinary or lower in vocabulary().allowed
        score = 0.8 if _STRONG_CUE.search(before) else (0.6 if not english and (_CUE.search(before) or len(lower) > 4) else 0.0)
    elif lower in _regions() and shape != LOWER:
        score = 0.7 if _STRONG_CUE.search(before) else 0.0
    elif kind in (UNKNOWN, NAME, DOUBTFUL) and shape == TITLE:
        if kind == UNKNOWN and len(lower) > 5 and lower.endswith(vocabulary().place_endings):
            score = 0.6
        elif _STRONG_CUE.search(before):
            score = 0.75
        elif kind == UNKNOWN and len(lower) > 3 and _CUE.search(before) and likeness(lower) > -13:
            score = 0.5
    if pin and score:
        end, score = pin.end(), max(score, 0.85)
    if score:
        yield found(start, end, "place", score)


def _chain(tokens: Tokens, at: int) -> int:
    """Where a place ends that further places follow: Whitefield, Bengaluru, Karnataka."""
    end, last = tokens.ends[at], at
    for _step in range(5):
        following = last + 1
        if following >= len(tokens.words) or not _CHAIN_GAP.match(tokens.gap(last)):
            break
        kind, shape, lower = tokens.kinds[following], tokens.shapes[following], tokens.lowers[following]
        comma = "," in tokens.gap(last)
        place = kind in (PLACE, PLACE_DOUBTFUL) or lower in _regions() or (not comma and lower in _ROADS and lower not in _WEAK_HEADS)
        if not place or (shape == LOWER and not lower in _ROADS) or (comma and lower in vocabulary().ordinary):
            break
        last, end = following, tokens.ends[following]
    return end


def _headed(tokens: Tokens, at: int) -> Iterator[Span]:
    """Ordinary words with capitals that end in a word for a place: from Silk Board junction."""
    if _headed_road(tokens, at):
        last = at
        while last + 1 < len(tokens.words) and not tokens.lowers[last] in _ROADS:
            last += 1
        yield found(tokens.starts[at], _chain(tokens, last), "place", 0.75)


def _road(tokens: Tokens, at: int) -> Iterator[Span]:
    """A road or quarter and the words with capitals before it."""
    first, proper = at, False
    while first and at - first < 4:
        before = first - 1
        shape, kind = tokens.shapes[before], tokens.kinds[before]
        if not _ROAD_LEFT.fullmatch(tokens.gap(before)) or shape == LOWER or tokens.lowers[before] in _STOPS_LEFT:
            break
        if shape == UPPER and kind == ORDINARY:
            break
        proper = proper or kind != ORDINARY or not tokens.opens(before)
        named = kind != ORDINARY
        if tokens.lowers[at] in _WEAK_HEADS and not named and first == at:
            break
        first = before
    if first < at and proper and not (tokens.lowers[at] in _WEAK_HEADS and tokens.lowers[first] in vocabulary().allowed):
        yield found(tokens.starts[first], _chain(tokens, at), "place", 0.75)


def _employer(tokens: Tokens, at: int) -> Iterator[Span]:
    """An employer from the list, or the words with capitals after "works at" and the like."""
    if tokens.lowers[at] in vocabulary().employers:
        if tokens.shapes[at] != LOWER and tokens.kinds[at] != ORDINARY:
            yield found(tokens.starts[at], tokens.ends[at], "employer", 0.6)
        return
    first = at + 1
    if first < len(tokens.words) and tokens.lowers[first] == "the":
        first += 1
    if first >= len(tokens.words) or tokens.shapes[first] not in (TITLE, UPPER):
        return
    if not _WORK.search(tokens.plain[max(0, tokens.starts[first] - 28) : tokens.starts[first]]):
        return
    last = first
    while last + 1 < len(tokens.words) and last - first < 3 and tokens.gap(last) == " " and tokens.shapes[last + 1] in (TITLE, UPPER):
        last += 1
    if last > first or tokens.kinds[first] != ORDINARY or tokens.lowers[first] in vocabulary().employers:
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
            if word == "." and plain[match.end() : match.end() + 1] in (" ", "\n", "") and at - end == 0 and len(plain[max(0, at - 4) : at].split(" ")[-1]) > 3:
                break
            if word[0].isalpha() and not (word[0].isupper() or word.lower() in _IN_ADDRESS):
                break
            if word[0].isalpha() and word.lower() in ("phone", "ph", "mob", "mobile", "contact", "tel", "age", "sex", "ct", "mri", "uhid", "dob"):
                break
            at = match.end()
            if word[0].isalnum():
                words += 1
                end = end if word.lower() in _NO_END else at
        if words:
            reached = end
            yield found(start, end, "place", 0.85)
