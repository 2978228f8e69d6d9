"""Numbers that name a person: Aadhaar, ABHA, hospital numbers, PAN, phones, addresses of mail and payment.

Every pattern is bounded and begins at a fixed kind of character, so its time grows with the length of the text alone.
Source: UIDAI (Aadhaar: Verhoeff, first digit 2 to 9); ABDM (ABHA number 2-4-4-4); Income Tax Rules 114 (PAN);
Central Motor Vehicles Rules 50 (registration marks); ITU-T E.164.
"""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found
from confrere.core.words.tokens import Tokens

_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_P0 = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)

_DECIMAL = re.compile(r"\d{1,2}\.\d{1,2}")
_MATRIX = re.compile(r"\d+(?:[xX]\d+)+")


def verhoeff_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    permutation = tuple(range(10))
    total = 0
    for digit in reversed(digits):
        total = _D[total][permutation[int(digit)]]
        permutation = tuple(_P0[one] for one in permutation)
    return total == 0


_STATES = frozenset(
    "an ap ar as br cg ch dd dl dn ga gj hp hr jh jk ka kl la ld mh ml mn mp mz nl od or pb py rj sk tn tg tr "
    "ts ua uk up wb".split()
)
_LABELS = frozenset(
    "uhid mrn mrd mr emr his cr ip op ipd opd er uid pid puid crn crno reg regd regn registration registered "
    "acc accession hosp "
    "hospital bill card serial sr sl histopath histopathology hp hpe biopsy slide block specimen cyto fnac id "
    "ids lab esi esic cghs "
    "echs rghs pmjay ayushman arogyasri cmchis imei visit encounter episode token receipt invoice order aadhaar "
    "aadhar adhaar adhar "
    "uidai abha abdm ndhm kmc mci nmc tnmc tcmc mmc dmc gmc apmc pmc wbmc hmc rmc upmc mpmc patient pt policy "
    "claim tpa ration bpl "
    "employee emp service army roll student staff film ray xray usg ct mri study case file folder record mlc "
    "fir pan voter epic "
    "passport visa licence license dl vehicle account ifsc utr txn transaction upi gst gstin device implant "
    "pacemaker lot ref "
    "reference donor recipient sample barcode ticket admission adm discharge indoor outdoor phid nhp health "
    "insurance smart member "
    "membership family samagra nikshay ntep tb hiv art ictc pptct rch mcts mcp anc birth death certificate no "
    "nos number num".split()
)
_PHONE_LABELS = frozenset(
    "ph phone phn mob mobile cell tel telephone contact whatsapp wa call fax landline mo fone dial".split()
)
_LINKS = frozenset("http https www facebook fb instagram insta twitter linkedin t wa youtube snapchat threads".split())
_GAP = r"[ \t\n.\-]{0,3}"
_NUMBER_WORD = r"(?i:nos?|number|num|id|nr|code|card|ref|regd?|registration|admission|patient|member)"
_VALUE = r"(?=[A-Za-z0-9/\-.]{0,24}\d)[A-Za-z0-9](?:[A-Za-z0-9/\-._]{0,28}[A-Za-z0-9])?"
_AFTER_LABEL = re.compile(
    rf"[ .]{{0,2}}(?:{_NUMBER_WORD}\b[ .]{{0,2}}){{0,3}}(?:is |"
    rf"was )?[:#=\-]{{0,2}}\s?[:#(]{{0,2}} ?((?:[A-Z]{{2,4}}[ \-])?{_VALUE})(?![\w%])"
)
_AFTER_PHONE = re.compile(
    r"\.?(?: ?(?:no|number|num|nos|on|at|me|par|pe)\b)?[ .:#=\-]{0,4}(?:is )?(\+?\(?\d[\d \-()./]{4,22}\d)(?!\w)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:(?:facebook|fb|instagram|twitter|linkedin|t|wa|youtube|snapchat|"
    r"threads)\.(?:com|me|in|co)/[^\s<>\"')]{2,120}|"
    r"(?<=//)(?:maps|drive|photos|docs|goo|bit|we|"
    r"dropbox)[^\s<>\"')]{3,160}|(?<=//)[^\s<>\"')]{0,80}(?:patient|uhid|mrn|\d{5})[^\s<>\"')]{0,120})",
    re.IGNORECASE,
)
_MARK = re.compile(r"[ \-.]?\d{1,2}[ \-.]?[A-Za-z]{1,3}[ \-.]?\d{3,4}(?!\w)")
_DRIVING = re.compile(r"[ \-/]?(?:\d{2}[ \-/]?(?:19|20)\d{2}[ \-/]?\d{7}|\d{13})(?!\w)")
_MAIL = re.compile(r"@[A-Za-z0-9][A-Za-z0-9\-]{1,62}(?:\.[A-Za-z0-9\-]{1,62}){0,4}")
_BEFORE_MAIL = re.compile(r"[A-Za-z0-9][\w.+\-]{0,63}$")
_SPOKEN_MAIL = re.compile(
    r"[A-Za-z][\w.]{1,40} ?[(\[]? ?(?:at|AT) ?[)\]]? ?[A-Za-z0-9\-]{2,30} ?[(\[]? ?(?:dot|DOT|"
    r"\.) ?[)\]]? ?(?:com|co|in|org|net|edu|gov|COM)\b"
)
_DOMAINS = frozenset("com co in org net edu gov".split())

# (pattern, kind, score). Each begins with a set of characters and looks back only then: so a scan skips fast.
_SCANS: tuple[tuple[re.Pattern[str], str, float], ...] = (
    (re.compile(r"\+\d{1,3}[ \-.]?(?:\(?\d{2,5}\)?[ \-.]?){2,4}(?<=\d)(?!\w)"), "phone", 0.9),
    (re.compile(r"0(?<![\w.]0)0\d{1,3}[ \-.]?(?:\d{2,5}[ \-.]?){2,4}(?<=\d)(?!\w)"), "phone", 0.8),
    (
        re.compile(rf"[09](?<![\w.][09])(?:1(?<=91)|(?<=0))\)?[ \-.]{{0,2}}[6-9](?:{_GAP}\d){{9}}(?![\w%])(?!\.\d)"),
        "phone",
        0.85,
    ),
    (re.compile(rf"[6-9](?<![\w.][6-9])(?:{_GAP}\d){{9}}(?![\w%])(?!\.\d)"), "phone", 0.85),
    (re.compile(r"0(?<![\w./]0)\d{2,4}\)?[ \-./]{1,3}\d{2,4}[ \-]?\d{3,5}(?!\w)"), "phone", 0.85),
    (re.compile(r"1(?<![\w./]1)8[06]0[ \-]?\d{3}[ \-]?\d{3,4}(?!\w)"), "phone", 0.7),
    (re.compile(rf"\d(?<![\w.]\d)\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{4}})?(?!\w)"), "id", 0.85),
    (re.compile(r"\d(?<![\w.]\d)\d[ \-.\n]?\d{4}[ \-.\n]?\d{4}[ \-.\n]?\d{4}(?!\w)"), "id", 0.95),
    (re.compile(r"[xX*](?<!\w[xX])[xX*]{3}[ \-]?[xX*]{4}[ \-]?\d{4}(?!\w)"), "id", 0.7),
    (
        re.compile(r"[A-Za-z](?<!\w[A-Za-z])[A-Za-z]{2}[ABCFGHLJPTabcfghljpt][A-Za-z][ \-]?\d{4}[ \-]?[A-Za-z](?!\w)"),
        "id",
        0.95,
    ),
    (re.compile(r"\d(?<!\w\d)\d[A-Za-z]{5}\d{4}[A-Za-z][1-9A-Za-z][Zz][0-9A-Za-z](?!\w)"), "id", 0.95),
    (re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]{2}[ /\-]?\d{7}(?!\w)"), "id", 0.85),
    (re.compile(r"[A-PR-WY](?<!\w[A-Z])[ \-]?[1-9]\d{6}(?!\w)"), "id", 0.8),
    (re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]{3}0[A-Z0-9]{6}(?!\w)(?<=\d)"), "id", 0.7),
    (re.compile(r"\d(?<!\w\d)\d[ \-]?[Bb][Hh][ \-]?\d{4}[ \-]?[A-Za-z]{1,2}(?!\w)"), "id", 0.85),
    (re.compile(r"\d(?<![\d.]\d)\d{0,2}(?:\.\d{1,3}){3}(?![\d.])"), "id", 0.85),
    (re.compile(r"[0-9A-Fa-f](?<!\w[0-9A-Fa-f])[0-9A-Fa-f](?:[:\-][0-9A-Fa-f]{2}){5}(?!\w)"), "id", 0.85),
    (re.compile(r"\d(?<![\d.,]\d)\d{7,}(?![\d%])(?!\.\d)"), "id", 0.8),
    (re.compile(r"#(?<![\w&]#)\d{4,}(?!\w)"), "id", 0.8),
    (re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]{0,4}[\-/]\d{4,}(?:[/\-]\d{1,6})?(?!\w)"), "id", 0.8),
    (re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]{0,5}[\-/](?:\d{1,6}[\-/]){1,3}\d{2,8}(?!\w)"), "id", 0.8),
    (re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]{1,5}\d{6,}(?!\w)"), "id", 0.8),
    (re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]{0,2}[\-.]\d{2,6}/\d{2,4}(?!\w)"), "id", 0.8),
    (re.compile(r"\d(?<!\w\d)\d{1,7}[\-/][A-Z]{1,5}[\-/]\d{2,8}(?!\w)"), "id", 0.75),
    (re.compile(r"[12](?<![\w./\-][12])(?:9(?<=19)|0(?<=20))\d{2}[/\-]\d{3,8}(?![\w/\-]|\.\d)"), "id", 0.75),
    (re.compile(r"\d(?<![\w./\-]\d)\d{0,3}[/\-]\d{5,8}(?![\w/\-]|\.\d)"), "id", 0.75),
    (re.compile(r"\d(?<![\w./\-]\d)\d{3,7}[/\-](?:\d{2}|(?:19|20)\d{2})(?![\w/\-]|\.\d)"), "id", 0.7),
    (re.compile(r"\d(?<![\w./\-]\d)\d{1,7}-\d{2,8}-\d{2,8}(?:-\d{1,8}){0,3}(?![\w/\-])"), "id", 0.7),
)
_HANDLE = re.compile(r"@(?<![\w@./]@)[A-Za-z][\w.]{3,30}")
_PIN = re.compile(r"\W{0,3}(?:code\W{0,3})?([1-9]\d{2} ?\d{3})(?!\d)", re.IGNORECASE)
_MEASURED_AFTER = re.compile(
    r"\s{0,2}(?:/\s?(?:cu ?mm|cmm|ul|dl|ml|l|mm3?|hpf|lpf|field|day|min|hr|kg|m2)|cells?|copies|IU|U/|mg|mcg|ug|"
    r"ng|pg|g\b|gm|kg|ml\b|cc\b|"
    r"mm\b|cm\b|m\b|HU|Hz|kHz|MHz|lakhs?|lacs?|per|units?|dpi|px|pixels|mGy|mSv|cGy|Gy|bpm|rpm|mmHg|%|x\s?\d)",
    re.IGNORECASE,
)
_MEASURED_BEFORE = frozenset(
    "platelet platelets plt wbc tlc rbc count counts leukocyte leukocytes leucocyte leucocytes pt bp matrix tr "
    "te ti value values "
    "b-value b-values probnp nt-probnp bnp ferritin ldh cpk cea afp psa ca19-9 ca125 ca-125 ca15-3 19-9 125 "
    "15-3 hcg bhcg d-dimer dimer "
    "load procalcitonin dlp agatston score titre titer ige troponin trop-i trop-t tropi tropt trop tsh icd "
    "icd10 icd-10 icd11 icd-11 "
    "icdo icd-o snomed loinc pmid pmc doi isbn issn nct ctri fig figure table iso iec astm version v series se "
    "im image slice frame "
    "grade stage level kv kvp ma mas b".split()
)
"""What a number that is measured, or numbers a picture or a list, stands behind."""
_SHORT_LABELS = frozenset(
    "cr ip op er mr hp id ct mri usg pt tb hiv art anc dl his ray xray case study order block sr sl device lot "
    "health sample service film "
    "slide file record visit family birth death member discharge admission patient token army ref reference gmc "
    "mmc dmc pmc reg regd regn "
    "registration registered acc lab card hosp hospital account student staff donor recipient biopsy implant no "
    "nos number num".split()
)
"""Labels that are also lab values, projections, scans or plain words: they need "no", a sign or a longer number."""
_PLAIN_VALUE = re.compile(r"[A-Za-z]{0,2}\d{1,4}(?:[./\-]\d{1,3}){0,2}[A-Za-z]?$")
_MARKED = re.compile(r"[:#=]|\b(?:no|nos|number|num|id|code|card)\b", re.IGNORECASE)
_SPOKEN = frozenset(
    "zero one two three four five six seven eight nine oh double triple shunya ek do teen char chaar paanch "
    "panch chhe chah saat aath aat nau".split()
)
_SPOKEN_LEAST = 8


def find_numbers(tokens: Tokens) -> Iterator[Span]:
    """Identifiers made of digits and signs; offsets are those of the reading."""
    plain = tokens.plain
    yield from _mail(tokens)
    yield from _spoken(tokens)
    if "@" in plain:
        yield from (found(*match.span(), "url", 0.6) for match in _HANDLE.finditer(plain))
    if not _ANY_DIGIT.search(plain):
        return
    for pattern, kind, score in _SCANS:
        for match in pattern.finditer(plain):
            if not _is_measured(plain, *match.span()):
                yield found(*match.span(), kind, _scored(match[0], kind, score))
    yield from _labelled(tokens)


def _labelled(tokens: Tokens) -> Iterator[Span]:
    """Numbers after a word that announces one, and registration marks after the letters of a state."""
    plain = tokens.plain
    for at in tokens.where(_LABELS):
        match = _AFTER_LABEL.match(plain, tokens.ends[at])
        if match and _label_counts(tokens.lowers[at], plain[tokens.ends[at] : match.start(1)], match[1]):
            if not _is_measured(plain, *match.span(1)):
                yield found(*match.span(1), "id", _scored(match[1], "id", 0.85))
    for at in tokens.where(_PHONE_LABELS):
        match = _AFTER_PHONE.match(plain, tokens.ends[at])
        if match and sum(one.isdigit() for one in match[1]) >= 6:
            yield found(*match.span(1), "phone", 0.85)
    for at in tokens.where(_STATES):
        for pattern in (_MARK, _DRIVING):
            match = pattern.match(plain, tokens.ends[at])
            if match and not _is_measured(plain, tokens.starts[at], match.end()):
                yield found(tokens.starts[at], match.end(), "id", 0.85)
    for at in tokens.where(_PINS):
        match = _PIN.match(plain, tokens.ends[at])
        if match:
            yield found(*match.span(1), "place", 0.85)


_ANY_DIGIT = re.compile(r"\d")
_PINS = frozenset(("pin", "pincode"))


def _mail(tokens: Tokens) -> Iterator[Span]:
    """Addresses of mail and of payment, links to a person's page, and addresses spelled out."""
    plain = tokens.plain
    for match in _MAIL.finditer(plain):
        before = _BEFORE_MAIL.search(plain[max(0, match.start() - 64) : match.start()])
        if before:
            yield found(match.start() - len(before[0]), match.end(), "email", 0.97)
    for at in tokens.where(_LINKS):
        link = _LINK.match(plain, tokens.starts[at])
        if link:
            yield found(*link.span(), "url", 0.9)
    for at in tokens.where(_DOMAINS):
        if at < 3:
            continue
        spoken = _SPOKEN_MAIL.match(plain, tokens.starts[max(0, at - 4 if tokens.lowers[at - 1] == "dot" else at - 3)])
        if spoken and spoken.end() >= tokens.ends[at]:
            yield found(*spoken.span(), "email", 0.9)


def _spoken(tokens: Tokens) -> Iterator[Span]:
    """Eight figures or more that are spelled out one after the other."""
    first = last = -2
    for at in (*tokens.where(_SPOKEN), -9):
        if at == last + 1:
            last = at
            continue
        if last - first + 1 >= _SPOKEN_LEAST:
            yield found(tokens.starts[first], tokens.ends[last], "phone", 0.8)
        first = last = at


def _scored(value: str, kind: str, score: float) -> float:
    """An Aadhaar number whose check digit holds is one beyond doubt."""
    digits = re.sub(r"\D", "", value)
    if kind == "id" and len(digits) == 12 and digits[0] in "23456789" and verhoeff_holds(digits):
        return 0.99
    return score


def _is_measured(plain: str, start: int, end: int) -> bool:
    """Whether the number is a measurement, a lab value or a code of a public list."""
    before = plain[max(0, start - 20) : start].rstrip(" \t\n:=.>~<").removesuffix(" of")
    last = before[max(before.rfind(" "), before.rfind("\n")) + 1 :].lower().lstrip("(,;[")
    return last in _MEASURED_BEFORE or _MEASURED_AFTER.match(plain, end) is not None


def _label_counts(label: str, between: str, value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    if digits < 2 or (digits < 3 and "/" not in value and "-" not in value and not value[:1].isalpha()):
        return False
    if label in ("no", "nos", "number", "num"):
        return digits >= 3 and not _PLAIN_VALUE.match(value) if digits < 5 else True
    if label in _SHORT_LABELS and not _MARKED.search(between):
        return digits >= 5 and not _PLAIN_VALUE.match(value)
    return not (_DECIMAL.fullmatch(value) or _MATRIX.fullmatch(value))
