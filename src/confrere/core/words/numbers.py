"""Numbers that name a person: Aadhaar, ABHA, hospital numbers, PAN, phones, addresses of mail and payment.

Every pattern is bounded and begins at a fixed kind of character, so its time grows with the length of the text alone.
Source: UIDAI (Aadhaar: Verhoeff, first digit 2 to 9); ABDM (ABHA number 2-4-4-4); Income Tax Rules 114 (PAN);
Central Motor Vehicles Rules 50 (registration marks); ITU-T E.164.
"""

import re
from collections.abc import Iterator

from confrere.core.words.spans import Span, found

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


def verhoeff_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    permutation = tuple(range(10))
    total = 0
    for digit in reversed(digits):
        total = _D[total][permutation[int(digit)]]
        permutation = tuple(_P0[one] for one in permutation)
    return total == 0


_STATES = (
    "AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TG|TR|TS|UA|UK|UP|WB"
)
_GAP = r"[ \t\n.\-]{0,3}"
_LABEL = (
    r"(?:U\.?H\.?I\.?D|M\.?R\.?N|MRD|MR|EMR|HIS|CR|IP|OP|IPD|OPD|I\.P|O\.P|ER|UID|PID|PUID|CRN|Reg(?:d|n|istration|istered)?|Regn|"
    r"Acc(?:ession)?|Hosp(?:ital)?|Bill|Card|Serial|Sr|Sl|Histopath(?:ology)?|HPE?|Biopsy|Slide|Block|Specimen|Cyto|FNAC|ID|Lab|"
    r"ESI|ESIC|CGHS|ECHS|RGHS|PMJAY|Ayushman|Arogyasri|CMCHIS|IMEI|Visit|Encounter|Episode|Token|Receipt|Invoice|Order|"
    r"Aadhaar|Aadhar|Adhaar|Adhar|UIDAI|ABHA|ABDM|NDHM|KMC|MCI|NMC|TNMC|TCMC|MMC|DMC|GMC|APMC|PMC|WBMC|HMC|RMC|UPMC|MPMC|"
    r"Patient|Pt|Policy|Claim|TPA|Ration(?: card)?|BPL|Employee|Emp|Service|Army|Roll|Student|Staff|Film|X-?ray|USG|CT|MRI|"
    r"Study|Case|File|Folder|Record|MLC|FIR|CrNo|PAN|Voter|EPIC|Passport|Visa|Licen[cs]e|DL|Vehicle|A/c|Account|IFSC|UTR|"
    r"Txn|Transaction|UPI|GSTIN?|Device|Implant|Pacemaker|Lot|Ref(?:erence)?|Donor|Recipient|Sample|Barcode|Ticket|Admission|"
    r"Adm|Discharge|Indoor|Outdoor|PHID|NHP|Health|Insurance|Smart|Member|Membership|Family|Samagra|Nikshay|NTEP|TB|HIV|ART|"
    r"ICTC|PPTCT|RCH|MCTS|MCP|ANC|Birth|Death|Certificate)"
)
_NUMBER_WORD = r"(?:no|nos|number|num|id|nr|code|card|ref|regd?|registration|admission|patient)"
_VALUE = r"(?=[A-Z0-9/\-.]{0,24}\d)[A-Z0-9](?:[A-Z0-9/\-._]{0,28}[A-Z0-9])?"

# (pattern, kind, score, group that is the identifier)
_RULES: tuple[tuple[re.Pattern[str], str, float, int], ...] = (
    (re.compile(r"(?<![\w.+\-])[A-Za-z0-9][\w.+\-]{0,63}@[A-Za-z0-9][A-Za-z0-9\-]{1,62}(?:\.[A-Za-z0-9\-]{1,62}){0,4}"), "email", 0.97, 0),
    (
        re.compile(
            r"(?<![\w.])[A-Za-z][\w.]{1,40} ?[(\[]? ?(?:at|AT) ?[)\]]? ?"
            r"[A-Za-z0-9\-]{2,30} ?[(\[]? ?(?:dot|DOT|\.) ?[)\]]? ?(?:com|co|in|org|net|edu|gov|COM)\b"
        ),
        "email",
        0.9,
        0,
    ),
    (
        re.compile(
            r"(?i)(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|twitter|x|linkedin|t|wa|youtube|snapchat|threads)\."
            r"(?:com|me|in|co)/[^\s<>\"')]{2,120}"
        ),
        "url",
        0.9,
        0,
    ),
    (re.compile(r"(?i)https?://(?:maps|drive|photos|docs|goo|bit|we|dropbox)[^\s<>\"')]{3,160}"), "url", 0.85, 0),
    (re.compile(r"(?i)https?://[^\s<>\"')]{0,80}(?:patient|uhid|mrn|\d{5})[^\s<>\"')]{0,120}"), "url", 0.85, 0),
    (re.compile(r"(?<![\w@./])@[A-Za-z][\w.]{3,30}"), "url", 0.6, 0),
    (re.compile(r"(?<![\w+])(?:\+|00)\d{1,3}[ \-.]?(?:\(?\d{2,5}\)?[ \-.]?){2,4}(?<=\d)(?!\w)"), "phone", 0.9, 0),
    (re.compile(rf"(?<![\w.])(?:\(?(?:\+?91|0)\)?[ \-.]{{0,2}})?[6-9](?:{_GAP}\d){{9}}(?![\w%])(?!\.\d)"), "phone", 0.85, 0),
    (re.compile(r"(?<![\w./])\(?0\d{2,4}\)?[ \-./]{1,3}\d{2,4}[ \-]?\d{3,5}(?!\w)"), "phone", 0.85, 0),
    (re.compile(r"(?<![\w./])1(?:800|860)[ \-]?\d{3}[ \-]?\d{3,4}(?!\w)"), "phone", 0.7, 0),
    (
        re.compile(
            r"(?i)\b(?:ph(?:one)?|mob(?:ile)?|cell|tel(?:ephone)?|contact|whats ?app|wa|call|fax|landline|mo|fone|phn)\b\.?"
            r"(?: ?(?:no|number|num|nos|on|at|me|par|pe))?[ .:#=\-–]{0,4}(?:is )?(\+?\(?\d[\d \-()./]{4,22}\d)(?!\w)"
        ),
        "phone",
        0.85,
        1,
    ),
    (re.compile(r"(?<![\w.])\d{2}[ \-.\n]?\d{4}[ \-.\n]\d{4}[ \-.\n]\d{4}(?![\w])"), "id", 0.95, 0),
    (re.compile(rf"(?<![\w.])\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{4}})?(?!\w)"), "id", 0.85, 0),
    (re.compile(r"(?i)(?<!\w)(?:[x*]{4}[ \-]?){2}\d{4}(?!\w)"), "id", 0.7, 0),
    (re.compile(r"(?i)\b[A-Z]{3}[ABCFGHLJPT][A-Z][ \-]?\d{4}[ \-]?[A-Z]\b"), "id", 0.95, 0),
    (re.compile(r"(?i)\b\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]\b"), "id", 0.95, 0),
    (re.compile(r"\b[A-Z]{3}[ /\-]?\d{7}\b"), "id", 0.85, 0),
    (re.compile(r"\b[A-PR-WY][ \-]?[1-9]\d{6}\b"), "id", 0.8, 0),
    (re.compile(r"(?i)\b[A-Z]{4}0[A-Z0-9]{6}\b(?<=\d)"), "id", 0.7, 0),
    (re.compile(rf"(?i)\b(?:{_STATES})[ \-.]?\d{{1,2}}[ \-.]?[A-Z]{{1,3}}[ \-.]?\d{{3,4}}\b"), "id", 0.85, 0),
    (re.compile(r"(?i)\b\d{2}[ \-]?BH[ \-]?\d{4}[ \-]?[A-Z]{1,2}\b"), "id", 0.85, 0),
    (re.compile(rf"(?i)\b(?:{_STATES})[ \-/]?\d{{2}}[ \-/]?(?:19|20)\d{{2}}[ \-/]?\d{{7}}\b"), "id", 0.9, 0),
    (re.compile(rf"(?i)\b(?:{_STATES})[ \-]?\d{{13}}\b"), "id", 0.9, 0),
    (
        re.compile(
            rf"(?i)\b{_LABEL}\b[ .]{{0,2}}(?:{_NUMBER_WORD}\b[ .]{{0,2}}){{0,3}}(?:is |was )?[:#=\-]{{0,2}} ?"
            rf"[:#(]{{0,2}} ?((?-i:[A-Z]{{2,4}}[ \-])?{_VALUE})(?![\w%])"
        ),
        "id",
        0.85,
        1,
    ),
    (re.compile(r"(?i)(?<=\w )(?:no|number|num)\b[.:#\- ]{1,4}((?=[A-Z/\-]{0,6}\d{3})[A-Z0-9][A-Z0-9/\-]{2,24})(?![\w%])"), "id", 0.75, 1),
    (re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), "id", 0.85, 0),
    (re.compile(r"(?i)\b(?:[0-9A-F]{2}[:\-]){5}[0-9A-F]{2}\b"), "id", 0.85, 0),
    (re.compile(r"(?<![\d.,])\d{8,}(?![\d%])(?!\.\d)"), "id", 0.8, 0),
    (re.compile(r"(?<![\w&])#\d{4,}\b"), "id", 0.8, 0),
    (re.compile(r"\b[A-Z]{1,5}[\-/]\d{4,}(?:[/\-]\d{1,6})?\b"), "id", 0.8, 0),
    (re.compile(r"\b[A-Z]{1,6}[\-/](?:\d{1,6}[\-/]){1,3}\d{2,8}\b"), "id", 0.8, 0),
    (re.compile(r"\b[A-Z]{2,6}\d{6,}\b"), "id", 0.8, 0),
    (re.compile(r"\b(?:\d{2,8}[\-/])[A-Z]{1,5}[\-/]\d{2,8}\b"), "id", 0.75, 0),
    (re.compile(r"(?<![\w./\-])(?:19|20)\d{2}[/\-]\d{3,8}(?![\w/\-]|\.\d)"), "id", 0.75, 0),
    (re.compile(r"(?<![\w./\-])\d{1,4}[/\-]\d{5,8}(?![\w/\-]|\.\d)"), "id", 0.75, 0),
    (re.compile(r"(?<![\w./\-])\d{4,8}[/\-](?:\d{2}|(?:19|20)\d{2})(?![\w/\-]|\.\d)"), "id", 0.7, 0),
    (re.compile(r"(?<![\w./\-])\d{2,8}-\d{2,8}-\d{2,8}(?:-\d{1,8}){0,3}(?![\w/\-])"), "id", 0.7, 0),
    (re.compile(r"\b[A-Z]{1,3}[\-.]\d{2,6}/\d{2,4}\b"), "id", 0.8, 0),
    (re.compile(r"(?i)\bpin ?(?:code)?\W{0,3}([1-9]\d{2} ?\d{3})\b"), "place", 0.85, 1),
)
_MEASURED_AFTER = re.compile(
    r"\s{0,2}(?:/\s?(?:cu ?mm|cmm|ul|dl|ml|l|mm3?|hpf|lpf|field|day|min|hr|kg|m2)|cells?|copies|IU|U/|mg|mcg|ug|ng|pg|g\b|gm|kg|ml\b|cc\b|"
    r"mm\b|cm\b|m\b|HU|Hz|kHz|MHz|lakhs?|lacs?|per|units?|dpi|px|pixels|mGy|mSv|cGy|Gy|bpm|rpm|mmHg|%|x\s?\d|×)",
    re.IGNORECASE,
)
_MEASURED_BEFORE = re.compile(
    r"(?<![a-z])(?:platelets?|plt|wbc|tlc|rbc|counts?|leu[ck]ocytes?|pt|bp|matrix|t[re]|ti|b[ -]?values?|probnp|bnp|ferritin|ldh|cpk|cea|afp|psa|"
    r"ca ?19-?9|ca ?125|ca ?15-?3|hcg|d-?dimer|viral load|load|procalcitonin|dlp|agatston|score|titre|titer|ige|trop\w{0,5}|tsh|"
    r"icd\W?(?:10|11|o)?|icd-?o|snomed|loinc|pmid|pmc|doi|isbn|issn|nct|ctri|fig(?:ure)?|table|iso|iec|astm|version|v|"
    r"series|se|im|image|slice|frame|grade|stage|level|kvp?|mas?|matrix|b)[\s:=.>~<of]{0,4}$",
    re.IGNORECASE,
)
# A label of few letters that is also a lab value, a projection or a scan: it needs "no", a sign or a longer number.
_SHORT_LABEL = re.compile(
    r"(?i)^(?:CR|IP|OP|ER|MR|HP|ID|CT|MRI|USG|PT|TB|HIV|ART|ANC|DL|HIS|X-?ray|Case|Study|Order|Block|Sr|Sl|Device|Lot|Health|Sample|"
    r"Service|Film|Slide|File|Record|Visit|Family|Birth|Death|Member|Discharge|Admission|Patient|Token|Army|Ref(?:erence)?|"
    r"GMC|MMC|DMC|PMC|Reg(?:d|n|istration|istered)?|Acc|Lab|Card|Hosp(?:ital)?|Account|Student|Staff|Donor|Recipient|Biopsy|Implant)\b"
)
_PLAIN_VALUE = re.compile(r"[A-Za-z]{0,2}\d{1,4}(?:[./\-]\d{1,3}){0,2}[A-Za-z]?$")
_WORDS_FOR_DIGITS = re.compile(
    r"(?i)\b(?:(?:zero|one|two|three|four|five|six|seven|eight|nine|oh|double|triple|shunya|ek|do|teen|char|chaar|paanch|panch|"
    r"chhe|chah|saat|aath|aat|nau)[\s,.\-]{1,3}){7,24}(?:zero|one|two|three|four|five|six|seven|eight|nine|shunya|ek|do|teen|char|"
    r"chaar|paanch|panch|chhe|chah|saat|aath|aat|nau)\b"
)


def find_numbers(plain: str) -> Iterator[Span]:
    """Identifiers made of digits and signs in a plain reading; offsets are those of the reading."""
    if "@" in plain or any(digit in plain for digit in "0123456789"):
        for pattern, kind, score, group in _RULES:
            for match in pattern.finditer(plain):
                if _counts(plain, match, kind, group):
                    yield found(*match.span(group), kind, _scored(match, kind, score, group))
    elif "://" in plain or " at " in plain.lower() or "(at)" in plain.lower():
        for pattern, kind, score, _group in _RULES[1:5]:
            yield from (found(*match.span(), kind, score) for match in pattern.finditer(plain))
    for match in _WORDS_FOR_DIGITS.finditer(plain):
        yield found(*match.span(), "phone", 0.8)


def _scored(match: re.Match[str], kind: str, score: float, group: int) -> float:
    """An Aadhaar number whose check digit holds is one beyond doubt."""
    digits = re.sub(r"\D", "", match[group])
    if kind == "id" and len(digits) == 12 and digits[0] in "23456789" and verhoeff_holds(digits):
        return 0.99
    return score


def _counts(plain: str, match: re.Match[str], kind: str, group: int) -> bool:
    """Whether the number is no measurement, no lab value and no code of a public list."""
    value, start, end = match[group], match.start(group), match.end(group)
    if kind in ("email", "url"):
        return True
    if not any(character.isdigit() for character in value):
        return False
    if _MEASURED_AFTER.match(plain, end) or _MEASURED_BEFORE.search(plain[max(0, start - 24) : start]):
        return False
    if kind == "id" and group:
        return _label_counts(match, value)
    if kind == "phone" and group:
        return len(re.sub(r"\D", "", value)) >= 6
    return True


def _label_counts(match: re.Match[str], value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    before = match[0][: match.start(match.lastindex or 0) - match.start()]
    if digits < 2 or (digits < 3 and "/" not in value and "-" not in value and not value[:1].isalpha()):
        return False
    marked = re.search(r"(?i)[:#=]|\b(?:no|nos|number|num|id|code|card)\b", before)
    if _SHORT_LABEL.match(before) and not marked:
        return digits >= 5 and not _PLAIN_VALUE.match(value)
    return not (re.fullmatch(r"\d{1,2}\.\d{1,2}", value) or re.fullmatch(r"\d+(?:[xX]\d+)+", value))
