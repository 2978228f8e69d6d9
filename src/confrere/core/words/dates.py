"""Days that say when something happened, and ages over 89, in the forms that Indian texts write them.

A day of the week alone, a time of day and an interval ("three days later") stay.
Source: HIPAA 45 CFR 164.514(b)(2)(i)(C): all elements of dates but the year, and all ages over 89; a year alone is
taken too, as it joins to other facts in a small town.
"""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found
from confrere.core.words.tokens import Tokens
from confrere.core.words.vocabulary import lists

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May|MAY)|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_LONG_MONTH = (
    r"(?:january|february|march|april|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_WHOLE_MONTH = r"(?:january|february|march|april|june|july|august|september|october|november|december)"
_DAY_NAME = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:(?:19|20)\d{2})"
_GUIDE = (
    r"(?!(?:\s+\w{1,20}){0,3}\s+(?:guidelines?|criteria|classification|edition|update|version|consensus|"
    r"recommendations?|"
    r"definition|statement|staging|lexicon|revision|protocol)\b)"
)
_FESTIVALS = (
    r"(?:diwali|deepavali|deepawali|holi|eid|id-ul-fitr|bakrid|bakri\s?eid|ramzan|ramadan|muharram|pongal|onam|"
    r"vishu|ugadi|gudi\s?padwa|"
    r"durga\s?puja|durgapuja|dussehra|dasara|vijayadashami|navratri|navaratri|christmas|xmas|good\s?friday|"
    r"easter|republic\s?day|"
    r"independence\s?day|gandhi\s?jayanti|raksha\s?bandhan|rakhi|janmashtami|ganesh\s?chaturthi|ganpati|"
    r"makar\s?sankranti|sankranti|"
    r"lohri|baisakhi|bihu|chhath(?:\s?puja)?|karwa\s?chauth|shivratri|shivaratri|ram\s?navami|mahavir\s?jayanti|"
    r"guru\s?nanak\s?jayanti|"
    r"gurpurab|saraswati\s?puja|kali\s?puja|new\s?year(?:'s)?(?:\s?(?:day|eve))?|kumbh(?:\s?mela)?|teej|"
    r"akshaya\s?tritiya|buddha\s?purnima)"
)

# Figures alone; each begins with a set of characters, so that a scan skips fast.
_FIGURES: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            rf"\d(?<![\d./\-]\d)(?:(?<=0)[1-9]|(?<=[12])\d|(?<=3)[01]|(?<=[1-9]))\s?[/.\-]\s?(?:0?[1-9]|"
            rf"1[0-2])\s?[/.\-]\s?(?:{_YEAR}|\d{{2}})(?![\d]|[/\-]\d|\.\d)"
        ),
        0.95,
    ),
    (re.compile(rf"[01](?<![\d./\-][01])[0-9]?/(?:1[3-9]|2\d|3[01])/(?:{_YEAR}|\d{{2}})(?![\d/])"), 0.9),
    (
        re.compile(
            rf"[12](?<![\d./\-][12])(?:9(?<=19)|0(?<=20))\d{{2}}\s?[/.\-]\s?(?:0?[1-9]|"
            rf"1[0-2])\s?[/.\-]\s?{_DAY}(?!\d)"
        ),
        0.95,
    ),
    (re.compile(r"[12](?<!\d[12])(?:9(?<=19)|0(?<=20))\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"), 0.85),
    (re.compile(rf"[0-3](?<![\d./\-][0-3])\d(?:0[1-9]|1[0-2]){_YEAR}(?!\d)"), 0.85),
    (
        re.compile(rf"\d(?<![\d./\-]\d)(?:(?<=0)[1-9]|(?<=1)[0-2]|(?<=[1-9]))\s?[/\-]\s?{_YEAR}(?![\d/\-]){_GUIDE}"),
        0.75,
    ),
    (
        re.compile(
            rf"[12](?<![\d./\-][12])(?:9(?<=19)|0(?<=20))\d{{2}}\s?[/\-]\s?(?:0[1-9]|1[0-2])(?![\d/\-]){_GUIDE}"
        ),
        0.7,
    ),
)
# Looked for around the name of a month, which is a word of its own.
_AROUND_MONTH: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            rf"(?i)\b(?:{_DAY_NAME},?\s+)?(?:the\s+)?{_DAY}\s?(?:st|nd|rd|th)?[\s\-/.,]{{0,3}}(?:of\s+|"
            rf"day of\s+)?{_MONTH}"
            rf"(?:[\s\-/.,']{{0,3}}(?:{_YEAR}|\d{{2}}\b(?!\s?(?:y|m|%|/|:|\.\d))))?"
        ),
        0.9,
    ),
    (
        re.compile(
            rf"(?i)\b(?:{_DAY_NAME},?\s+)?{_LONG_MONTH}\.?[\s\-]{{0,2}}{_DAY}(?:st|nd|rd|th)?(?:\s?,\s?|\s+|-|')"
            rf"(?:{_YEAR}|\d{{2}}\b)"
        ),
        0.9,
    ),
    (re.compile(rf"(?i)\b{_LONG_MONTH}\.?\s{{1,2}}{_DAY}(?:st|nd|rd|th)\b"), 0.85),
    (re.compile(rf"(?i)\b{_WHOLE_MONTH}\s{_DAY}\b(?!\s?(?:years?|yrs?|cases|patients))"), 0.75),
    (re.compile(rf"(?i)\b(?:{_LONG_MONTH}|may)\.?[\s\-/.,']{{0,3}}{_YEAR}\b{_GUIDE}"), 0.85),
    (re.compile(rf"(?i)\b(?:{_LONG_MONTH}|may)\s?[']\s?\d{{2}}\b"), 0.85),
    (re.compile(rf"(?i)\b{_LONG_MONTH}[\s\-/]\d{{2}}(?![\w/%.])"), 0.6),
    (
        re.compile(
            r"(?i)\b(?:in|since|from|till|until|by|during|of|last|this|early|mid|late|end of|start of|around)[\s\-]+"
            r"((?:january|february|april|june|july|august|september|october|november|december|jan|feb|aug|sept|"
            r"nov)\b)(?!\w)"
        ),
        0.7,
    ),
    (re.compile(rf"(?i)\b{_WHOLE_MONTH}\s(?:mein|me|ko|ka|ke|se|last|this)\b"), 0.6),
)
_MONTH_WORDS = frozenset(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct "
    "october nov november dec december".split()
)
_FEAST = re.compile(
    rf"(?i)\b(?:(?:\w{{2,8}}|\d{{1,2}})\s+(?:days?|weeks?|months?|din|hafte)\s+(?:after|before|prior to|"
    rf"following|post|pehle|baad)\s+|"
    rf"(?:the\s+)?(?:day|week|night|evening|morning|eve)\s+(?:after|before|of)\s+|(?:on|after|before|around|"
    rf"during|since|last|this)\s+)?"
    rf"(?<![\w-]){_FESTIVALS}(?:\s+(?:day|time|ke|ki|holidays?|vacation|baad|pehle|"
    rf"din))?(?:[\s,']{{1,2}}(?:{_YEAR}|\d{{2}}\b))?(?!\s+(?:disease|tree|sign|factor))\b"
)
_FEAST_WORDS = frozenset(
    "diwali deepavali deepawali holi eid bakrid bakri ramzan ramadan muharram pongal onam vishu ugadi gudi "
    "durga durgapuja dussehra dasara vijayadashami "
    "navratri navaratri christmas xmas good easter republic independence gandhi raksha rakhi janmashtami ganesh "
    "ganpati makar sankranti lohri baisakhi "
    "bihu chhath karwa shivratri shivaratri ram mahavir guru gurpurab saraswati kali new kumbh teej akshaya "
    "buddha id".split()
)
_DAY_LABELS = frozenset(
    "on date dated dt reviewed admitted discharged operated dob doa dod dos doe monday tuesday wednesday "
    "thursday friday saturday sunday mon tue tues "
    "wed thu thurs fri sat sun".split()
)
_AFTER_DAY_LABEL = re.compile(
    rf"\.?,?\s?[:\-]?\s?(?:the )?((?:{_DAY}\s?[/.\-]\s?(?:0?[1-9]|1[0-2]))(?![\d/]|\.\d|\s?(?:mm|cm|%|mg|ml))|"
    rf"{_DAY}(?:st|nd|rd|th)\b)"
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|from|till|until|upto|during|year|yr|dated?|back in|by|around|circa|prior|early|mid|late|"
    r"before|after|of|batch|"
    r"cabg|ptca|surgery|operated|operation|op|turp|lscs|tah|hysterectomy|cholecystectomy|appendicectomy|"
    r"mastectomy|nephrectomy|"
    r"thyroidectomy|laminectomy|discectomy|tkr|thr|accident|rta|diagnosed|detected|treated|treatment|started|"
    r"done|born|dob|admitted|"
    r"admission|diagnosis|covid|stroke|mi|cva|tb|att|chemo|chemotherapy|radiotherapy|rt|biopsy|mri|ct|scan|usg|"
    r"xray|x-ray|film|films|"
    r"report|discharged|expired|married|transplant|stent|stenting|dialysis|surgeries|sal|saal|san|year:)|"
    r"[(,/'])\s{0,2}$",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"(?i)\s{0,2}(?:me|mein|main|mai|ka|ke|ki|se|tak|ko|wala|wali|itself|onwards|\)|surgery|film|films|report|"
    r"batch|में|से|का|की|को)(?!\w)"
)
_GUIDE_AFTER = re.compile(
    r"(?i)[\s)\]]{0,3}(?:\w{1,20}\s+){0,3}(?:guidelines?|criteria|classification|edition|update|version|"
    r"consensus|recommendations?|"
    r"definition|statement|staging|lexicon|revision|protocol|patients|cases|subjects|et al)"
)
_GUIDE_BEFORE = re.compile(
    r"(?i)(?:who|esc|acr|aha|acc|nice|fleischner|mcdonald|rads|tnm|ajcc|figo|ncc?n|guidelines?|criteria|"
    r"classification|version|v|edition|"
    r"et al\.?|recist|lugano|rotterdam|revised|updated?|atlanta|ilae|easl|aasld|gold|gina|kdigo|icmr|nmc|act|"
    r"trial|study|rsna|esr|journal|"
    r"radiology|radiographics|ajr|lancet|nejm|jama|bmj)[\s,(]{0,3}(?:of\s)?$"
)
_BARE_YEAR = re.compile(r"[12](?<![\w./\-+][12])(?:9(?<=19)[3-9]|0(?<=20)[0-4])\d(?![\w%]|[./\-]\d)")
_UNIT_AFTER = re.compile(r"(?i)\s?(?:ml|mg|mm|hu|cc|kcal|cells|iu|units|s/mm|hz|gm?\b|ms\b|/)")

_OLD = r"(?:9\d|1[0-2]\d)"
_AGES: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            r"[19](?<![\w./][19])(?:(?<=9)\d|(?<=1)[0-2]\d)\s?\+?[\s\-]{0,2}(?i:years?|yrs?|yr|y/o|yo|y|saal|"
            r"sal|varsh|vayasu|vayassu)\b\.?"
            r"(?:[\s\-]?(?i:old|of age))?(?:\s?/\s?[MFmf]\b)?"
        ),
        0.9,
    ),
    (re.compile(r"[19](?<![\w./][19])(?:(?<=9)\d|(?<=1)[0-2]\d)\s?/\s?(?:[MFmf]|(?i:male|female))\b"), 0.9),
    (re.compile(r"[19](?<![\w./][19])(?:(?<=9)\d|(?<=1)[0-2]\d)\s?[MF](?!\w)(?!\s?(?:Hz|B))"), 0.75),
    (
        re.compile(
            r"[19](?<![\w./][19])(?:(?<=9)\d|(?<=1)[0-2]\d)(?=[\s\-](?:male|female|man|woman|lady|gentleman|"
            r"aged|buzurg)\b)"
        ),
        0.8,
    ),
    (re.compile(r"\((?<=[a-z] \()(?:9\d|1[01]\d)(?:\s?y(?:rs?)?)?\)"), 0.6),
)
_AFTER_AGE = re.compile(
    rf"(?i)\s?(?:is|of|/ ?sex)?\s?[:=\-]{{0,2}}\s?{_OLD}(?![\d.%]|\s?(?:days?|weeks?|months?|mins?|hours?|"
    rf"hrs?))(?:\s?(?:years?|yrs?|y)\b)?"
)
_AGE_WORDS = frozenset("age aged umar umr vayas vayasu".split())
_OLD_WORDS = frozenset("nonagenarian centenarian supercentenarian nineties".split())
_SPELLED = re.compile(
    r"(?i)(?:ninety(?:[\s\-](?:one|two|three|four|five|six|seven|eight|nine))?|hundred(?:(?: and)?[\s\-](?:one|"
    r"two|three|four|five|six|seven|eight|nine|ten))?)"
    r"[\s\-](?:years?|yrs?|yr|y)(?:[\s\-]old)?\b|"
    r"(?:nabbe|ikyanave|ikyaanve|bayanve|baanve|tiranve|tiraanve|chauranve|pachanve|panchanve|chhiyanve|"
    r"sattanve|athanve|ninyanve|sau)\s(?:saal|sal|varsh|baras)\b"
)
_SPELLED_WORDS = frozenset(
    "ninety hundred nabbe ikyanave ikyaanve bayanve baanve tiranve tiraanve chauranve pachanve panchanve "
    "chhiyanve sattanve athanve ninyanve sau".split()
)
_SPELLED_NATIVE = re.compile(
    r"(?:नब्बे|इक्यानवे|बानवे|तिरानवे|चौरानवे|पचानवे|पंचानवे|छियानवे|सत्तानवे|सतानवे|अट्ठानवे|अठानवे|निन्यानवे|"
    r"सौ) (?:साल|वर्ष|बरस)"
)


def _native_patterns() -> tuple[tuple[re.Pattern[str], str, float], ...]:
    native = lists("native.toml")
    longest = sorted(native["years"], key=len, reverse=True)
    years, ages = "|".join(longest), "|".join(sorted(native["age_labels"], key=len, reverse=True))
    months = "|".join(sorted({one.partition("=")[0] for one in native["months"]}, key=len, reverse=True))
    return (
        (re.compile(rf"[19](?<![\w./][19])(?:(?<=9)\d|(?<=1)[0-2]\d)\s{{0,2}}-?\s?(?:{years})"), "age", 0.9),
        (re.compile(rf"(?:{ages})\s?[:\-]?\s?{_OLD}(?![\d.%])"), "age", 0.85),
        (re.compile(rf"[0-9](?<!\d\d)\d?\s?(?:{months})(?:\s?,?\s?{_YEAR})?"), "date", 0.9),
        (re.compile(rf"(?:{months})\s?{_DAY}?,?\s?{_YEAR}"), "date", 0.85),
        (_SPELLED_NATIVE, "age", 0.85),
        (
            re.compile(
                r"[12](?<![\d./\-][12])(?:9(?<=19)|0(?<=20))\d{2}\s?(?:में|से|मध्ये|সালে|সাল|ਵਿੱਚ|માં|இல்|లో|"
                r"ರಲ್ಲಿ|ൽ|میں)"
            ),
            "date",
            0.75,
        ),
    )


_NATIVE = _native_patterns()


def find_dates(tokens: Tokens) -> Iterator[Span]:
    """Days and ages over 89; offsets are those of the reading."""
    plain = tokens.plain
    for patterns, kind in ((_FIGURES, "date"), (_AGES, "age")):
        for pattern, score in patterns:
            yield from (found(*match.span(), kind, score) for match in pattern.finditer(plain))
    yield from _named(tokens)
    if not plain.isascii():
        for native, kind, score in _NATIVE:
            yield from (found(*match.span(), kind, score) for match in native.finditer(plain))
    for match in _BARE_YEAR.finditer(plain):
        if _is_year(plain, match):
            yield found(*match.span(), "date", 0.6)


def _named(tokens: Tokens) -> Iterator[Span]:
    """Days and ages that a word announces: a month, a feast, a label, a spelled number."""
    plain = tokens.plain
    for at in tokens.where(_MONTH_WORDS):
        for pattern, score in _AROUND_MONTH:
            yield from _around(tokens, at, pattern, score)
    for at in tokens.where(_FEAST_WORDS):
        yield from _around(tokens, at, _FEAST, 0.75)
    for at in tokens.where(_OLD_WORDS):
        yield found(tokens.starts[at], tokens.ends[at], "age", 0.85)
    for at in tokens.where(_SPELLED_WORDS):
        spelled = _SPELLED.match(plain, tokens.starts[at])
        if spelled:
            yield found(*spelled.span(), "age", 0.85)
    for at in tokens.where(_DAY_LABELS):
        day = _AFTER_DAY_LABEL.match(plain, tokens.ends[at])
        if day:
            yield found(*day.span(1), "date", 0.75)
    for at in tokens.where(_AGE_WORDS):
        age = _AFTER_AGE.match(plain, tokens.ends[at])
        if age:
            yield found(tokens.starts[at], age.end(), "age", 0.85)


def _around(tokens: Tokens, at: int, pattern: re.Pattern[str], score: float) -> Iterator[Span]:
    """What a pattern finds close to a word and with the word in it."""
    group = 1 if pattern.groups else 0
    for match in pattern.finditer(tokens.plain, max(0, tokens.starts[at] - 32), tokens.ends[at] + 48):
        if match.start() <= tokens.starts[at] < match.end():
            yield found(*match.span(group), "date", score)


def _is_year(plain: str, match: re.Match[str]) -> bool:
    before = plain[max(0, match.start() - 24) : match.start()]
    after = plain[match.end() : match.end() + 48]
    if _UNIT_AFTER.match(after) or _GUIDE_BEFORE.search(before) or _GUIDE_AFTER.match(after):
        return False
    return bool(_YEAR_BEFORE.search(before) or _YEAR_AFTER.match(after))
