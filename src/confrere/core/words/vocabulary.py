"""What each Latin word is taken for: ordinary, a name, a place, a house of medicine, or unknown.

The lists beside this file say where they come from. A word that a list of names and a list of ordinary words share
is doubtful: it needs a neighbour, a title or a label before it counts.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from confrere.core.words.scripts import latin_keys

ORDINARY, NAME, DOUBTFUL, PLACE, PLACE_DOUBTFUL, HOUSE, HOUSE_DOUBTFUL, UNKNOWN = "ondpqhgu"

_ENDINGS = frozenset(
    "abdominal ability aceous aemia algia alol arterial azepam azine azole bactam bacter blastic buvir caine "
    "cardiac cardial centesis ciclib cillin coccal coccus cortical costal coxib cranial cycline cyte cytes cytic "
    "cytosis dipine dronate ductal ectasia ectasis ectomy emia enteric eous fenac floxacin foramina formin "
    "gastric genesis genic genous gliflozin gliptin glitazone glutide graphic hepatic ical ically icular idine "
    "iform isation isations ised itis ization izations ized lamide logic logical lysis lytic medullary megaly "
    "metric metry mustine mycin nacin navir ness nidazole nodal ogram ograms ographic ography oidal ologist ology "
    "olol oma omas omata opathic opathy opsy oses osis ostomy otic otomy oxacin oxetine pamil paresis penem penia "
    "penic peridol pexy phagia phasia philia philic phoric plase plasia plastic plasty platin plegia pramine "
    "profen renal rfungin ridone rphylline rrhage rrhagic rrhaphy rrhea rrhoea rubicin sartan sclerotic scopic "
    "scopy semide setron sion sions solone spinal statin stigmine taxel tecan therapy thiazide thoracic tinib "
    "tion tions tonic trexate triptan triptyline trophic trophy tropic ular uria vascular venous vertebral virus "
    "xaban ximab zolam zoline zosin zumab".split()
)
_LENGTHS = tuple(sorted({len(ending) for ending in _ENDINGS}))
_PREFIXES = re.compile(
    r"(?:hepato|spleno|cardio|broncho|peri|hyper|hypo|intra|extra|retro|sub|supra|infra|post|pre|non|trans|"
    r"inter|para|"
    r"micro|macro|mega|multi|poly|mono|bi|tri|uni|hemi|semi|pseudo|neo|endo|exo|ecto|myo|osteo|chondro|fibro|lympho|"
    r"angio|neuro|nephro|pneumo|pyo|hydro|haemo|hemo|haem|cranio|cerebro|cerebello|ponto|thalamo|temporo|fronto|"
    r"parieto|occipito|naso|oro|laryngo|tracheo|oesophago|esophago|gastro|entero|colo|recto|ano|vesico|utero|vagino|"
    r"costo|sterno|acromio|humero|radio|ulno|femoro|tibio|patello|sacro|lumbo|ilio|ischio|atlanto|antero|postero|"
    r"medio|latero|supero|infero|dorso|ventro|ultra|over|under|mid|anti|co|re|un|de|dis|auto|tele|video|immuno|"
    r"thrombo|athero|arterio|veno|cholangio|cholecysto|pancreatico|duodeno|jejuno|uretero|cysto|adeno|meningo|"
    r"encephalo|myelo|radiculo|spondylo)(?=\w{3})"
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word in small letters."""

    ordinary: frozenset[str]
    allowed: frozenset[str]
    names: frozenset[str]
    doubtful: frozenset[str]
    after_a_name: frozenset[str]
    places: frozenset[str]
    regions: frozenset[str]
    houses: frozenset[str]
    doubtful_houses: frozenset[str]
    employers: frozenset[str]
    eponym_heads: frozenset[str]
    place_endings: tuple[str, ...]
    strong_endings: tuple[str, ...]


def lists(name: str) -> dict[str, tuple[str, ...]]:
    """One of the lists: each key's words."""
    raw = tomllib.loads((files(__package__) / "lists" / name).read_text(encoding="utf-8"))
    return {key: tuple(str(words).split()) for key, words in raw.items()}


@cache
def vocabulary() -> Vocabulary:
    """The lists, read once."""
    names, places, allowed = lists("names.toml"), lists("places.toml"), lists("allowed.toml")
    text = (files(__package__) / "lists" / "ordinary.txt").read_text(encoding="utf-8")
    houses = frozenset(places["houses"])
    return Vocabulary(
        ordinary=frozenset(text.split("\n")[1:]),
        allowed=frozenset(word for words in allowed.values() for word in words),
        names=frozenset(word for key in ("given_men", "given_women", "surnames", "christian") for word in names[key]),
        doubtful=frozenset(names["doubtful"]),
        after_a_name=frozenset(names["after_a_name"]),
        places=frozenset(places["places"]),
        regions=frozenset(places["regions"]),
        houses=houses,
        doubtful_houses=frozenset(places["doubtful_houses"]) & houses,
        employers=frozenset(places["employers"]),
        eponym_heads=frozenset(allowed["eponym_heads"]),
        place_endings=tuple(places["endings"]),
        strong_endings=tuple(places["strong_endings"]),
    )


def _stem(word: str) -> str:
    """The word without its English ending, when that makes an ordinary word."""
    known = vocabulary()
    for ending in ("'s", "s", "es", "ed", "ing", "ly", "er", "al", "ally", "d"):
        if word.endswith(ending) and word[: -len(ending)] in known.ordinary:
            return word[: -len(ending)]
    return ""


@lru_cache(maxsize=1 << 17)
def kind_of_word(word: str) -> str:
    """What a word in small letters is taken for; long words are not looked into."""
    known = vocabulary()
    ordinary = word in known.ordinary or word in known.allowed
    if word in known.houses:
        return HOUSE_DOUBTFUL if ordinary or word in known.doubtful_houses or word in known.names else HOUSE
    if word in known.places:
        doubtful = ordinary or word in known.names or word in known.doubtful or len(word) < 4
        return PLACE_DOUBTFUL if doubtful else PLACE
    if word in known.names or word in known.doubtful:
        return DOUBTFUL if ordinary or word in known.doubtful else NAME
    if ordinary or len(word) > 40 or _is_medical(word):
        return ORDINARY
    if len(word) >= 7 and word.endswith(known.strong_endings):
        return PLACE
    return UNKNOWN


def _is_medical(word: str) -> bool:
    """Whether a word that no list has is put together as words of medicine are."""
    if _stem(word) or (len(word) >= 7 and any(word[-length:] in _ENDINGS for length in _LENGTHS)):
        return True
    prefix = _PREFIXES.match(word)
    rest = word[prefix.end() :] if prefix else ""
    enough = prefix is not None and len(rest) >= (3 if prefix.end() > 3 else 5)
    return enough and (rest in vocabulary().ordinary or rest in vocabulary().allowed)


@cache
def _shapes() -> dict[str, int]:
    text = (files(__package__) / "lists" / "shapes.txt").read_text(encoding="utf-8")
    return {run: int(weight) for run, _space, weight in (line.partition(" ") for line in text.split("\n")[1:] if line)}


@lru_cache(maxsize=1 << 16)
def likeness(word: str) -> float:
    """How much a word in small letters is built as the names of the lists are; ordinary words lie below -4."""
    table = _shapes()
    runs = [table.get(f"^{word}$"[at : at + 3], 0) for at in range(min(len(word), 40))]
    return sum(runs) / max(len(runs), 1)


@cache
def sound_keys() -> dict[str, str]:
    """The keys of sound of all names and places: each with what it is a key of."""
    known = vocabulary()
    keys: dict[str, str] = {}
    for kind, words in ((PLACE, known.places | known.regions), (HOUSE, known.houses), (NAME, known.names)):
        for word in words:
            if len(word) > 3 or kind == NAME:
                keys.update({key: kind for key in latin_keys(word) if len(key) >= 2})
    return keys
