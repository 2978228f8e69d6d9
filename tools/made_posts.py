"""Posts with made-up identities in ten scripts: sentences that the engine for words was not written on.

    python tools/made_posts.py [--seed N] [--count N]      prints {id, text, spans: [[start, end, kind], …]} a line

The templates and the pools of names were written after the engine and nothing was tuned on them. Half of the names in
Latin letters are built of syllables, so that no list holds them. Identities are made up.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

SCRIPTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    # script: (names, places, templates; {n} name, {p} place, {d} day, {t} phone, {u} hospital number)
    "latin": (
        ("Harish Bhandari", "Rukhsana Parveen", "Jaspreet Gill", "Meenal Deshpande", "Kuttan Pillai", "Sabitri Mahato"),
        ("Bhadohi", "Erode", "Hindupur", "Kapurthala", "Bolpur", "Nedumkandam"),
        (
            "Colleagues, need help with {n}, 47/F from {p}. First scan {d}, second attached.",
            "Forwarding films of {n} (UHID {u}). Relative's phone {t}. Is this a Klatskin tumour?",
            "{n} was operated on {d} for hydatid cyst; recurrence in segment VII?",
            "Pt {n} from {p}, hospital number {u}, sudden aphasia, NIHSS 12.",
            "Bhai {n} ki report dekho, {d} ko CT hua tha, number {t}",
        ),
    ),
    "devanagari": (
        ("हरीश भंडारी", "रुखसाना परवीन", "मीनल देशपांडे", "सावित्री महतो"),
        ("भदोही", "बिजनौर", "नासिक"),
        ("मरीज {n}, {p} से, सीटी {d} को हुआ, मोबाइल {t}", "नाम {n} पता {p} जांच {d}"),
    ),
    "bengali": (
        ("সুমিত্রা মণ্ডল", "অরিন্দম ঘোষ", "রেহানা খাতুন"),
        ("বর্ধমান", "মালদা"),
        ("রোগীর নাম {n}, বাড়ি {p}, ফোন {t}", "{n} এর এমআরআই {d} তারিখে হয়েছে"),
    ),
    "gurmukhi": (
        ("ਜਸਪ੍ਰੀਤ ਗਿੱਲ", "ਹਰਭਜਨ ਸਿੰਘ", "ਮਨਜੀਤ ਕੌਰ"),
        ("ਜਲੰਧਰ", "ਪਟਿਆਲਾ"),
        ("ਮਰੀਜ਼ ਦਾ ਨਾਮ {n} ਹੈ, {p} ਤੋਂ, ਫੋਨ {t}", "{n} ਦੀ ਸੀਟੀ {d} ਨੂੰ ਹੋਈ"),
    ),
    "gujarati": (
        ("હરેશ પટેલ", "કોકિલા શાહ", "મનસુખ ચૌહાણ"),
        ("રાજકોટ", "સુરત"),
        ("દર્દીનું નામ {n}, {p}, ફોન {t}", "{n} નો સીટી {d} ના રોજ થયો"),
    ),
    "tamil": (
        ("செந்தில் குமார்", "வள்ளியம்மாள்", "கார்த்திகேயன் ராமசாமி"),
        ("ஈரோடு", "மதுரை"),
        ("நோயாளி பெயர்: {n}, ஊர் {p}, எண் {t}", "{திரு |n} அவர்களுக்கு {d} அன்று ஸ்கேன்"),
    ),
    "telugu": (
        ("శ్రీనివాస రెడ్డి", "లక్ష్మీ దేవి", "రాజేశ్వర రావు"),
        ("గుంటూరు", "నెల్లూరు"),
        ("రోగి పేరు: {n}, ఊరు {p}, ఫోన్ {t}", "{శ్రీ |n} గారికి {d} న సిటి చేశారు"),
    ),
    "kannada": (
        ("ಬಸವರಾಜ ಪಾಟೀಲ", "ಸರೋಜಮ್ಮ", "ರವಿಕುಮಾರ ಹೆಗಡೆ"),
        ("ಧಾರವಾಡ", "ಮೈಸೂರು"),
        ("ರೋಗಿಯ ಹೆಸರು: {n}, ಊರು {p}, ಫೋನ್ {t}", "{ಶ್ರೀ |n} ಅವರಿಗೆ {d} ರಂದು ಸ್ಕ್ಯಾನ್"),
    ),
    "malayalam": (
        ("രാജൻ പിള്ള", "ലക്ഷ്മി നായർ", "സുരേഷ് കുമാർ"),
        ("കോട്ടയം", "തൃശ്ശൂർ"),
        ("രോഗിയുടെ പേര്: {n}, വിലാസം {p}, ഫോൺ {t}", "{ശ്രീമതി |n} {d} ന് സ്കാൻ ചെയ്തു"),
    ),
    "urdu": (
        ("محمد اقبال", "فاطمہ بیگم", "عبدالرحمن انصاری"),
        ("لکھنؤ", "دہلی"),
        ("مریض کا نام {n} ہے، {p} سے، فون {t}", "{جناب |n} کا سی ٹی {d} کو ہوا"),
    ),
}
_SYLLABLES = "ka ra ma na vi su la da sha pra ve ta ji ha ri go de pa ni bha ku lo me".split()
_ENDS = "esh deep inder endra mati vati amma appan nath lal raj priya jit kant".split()
_KINDS = {"n": "name", "p": "place", "d": "date", "t": "phone", "u": "id"}
_SLOT = re.compile(r"\{(?:([^{}|]*)\|)?(\w)\}")
"""A slot; a title before the stroke is marked with the name, as the open sentences do it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A text and where its identities stand: (start, end, kind) in code points."""

    script: str
    text: str
    spans: tuple[tuple[int, int, str], ...]


def _name(chance: random.Random, script: str) -> str:
    if script == "latin" and chance.random() < 0.5:
        given, family = (
            "".join(chance.sample(_SYLLABLES, chance.randint(1, 2))) + chance.choice(_ENDS) for _part in range(2)
        )
        return f"{given} {family}".title()
    return chance.choice(SCRIPTS[script][0])


def _day(chance: random.Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(2015, 2025)
    return chance.choice(
        (f"{day:02}/{month:02}/{year}", f"{day}-{month}-{year % 100:02}", f"{day:02}.{month:02}.{year}")
    )


def _value(chance: random.Random, script: str, slot: str) -> str:
    if slot == "n":
        return _name(chance, script)
    if slot == "p":
        return chance.choice(SCRIPTS[script][1])
    if slot == "d":
        return _day(chance)
    if slot == "t":
        digits = str(chance.randint(6, 9)) + "".join(str(chance.randint(0, 9)) for _digit in range(9))
        return chance.choice((digits, f"{digits[:5]} {digits[5:]}", f"+91 {digits}"))
    return f"{chance.choice(('', 'H', 'MR-'))}{chance.randint(100_000, 99_999_999)}"


def made(seed: int, count: int) -> Iterator[Post]:
    """The posts of a seed, the scripts in turn."""
    chance = random.Random(seed)  # noqa: S311  # for made-up text, not for a secret
    scripts = list(SCRIPTS)
    for number in range(count):
        script = scripts[number % len(scripts)]
        template = chance.choice(SCRIPTS[script][2])
        text, spans, at = "", [], 0
        for slot in _SLOT.finditer(template):
            text += template[at : slot.start()]
            value = (slot[1] or "") + _value(chance, script, slot[2])
            spans.append((len(text), len(text) + len(value), _KINDS[slot[2]]))
            text, at = text + value, slot.end()
        yield Post(script, text + template[at:], tuple(spans))


def main() -> int:
    """Print the posts."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=100)
    args = parser.parse_args()
    for number, post in enumerate(made(args.seed, args.count)):
        print(json.dumps({"id": number, "text": post.text, "spans": post.spans}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
