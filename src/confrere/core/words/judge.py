"""A text that arrives as a file: clean, held with a reason, or refused."""

from confrere.core.terms import Held
from confrere.core.words.engine import find_identifiers
from confrere.core.words.known import NOTHING, Known
from confrere.core.words.sound import sound_text
from confrere.core.words.spans import NameFinder


def judge_text(content: bytes, names: NameFinder, known: Known = NOTHING) -> str:
    """The text, when it names no one.

    Raises Refused (bad-text) for what is no text, Held (looks-like-identifier) when a person has to look; the detail
    is the number of spans. Whatever `names` raises is raised.
    """
    text = sound_text(content)
    spans = find_identifiers(text, known, names)
    if spans:
        raise Held("looks-like-identifier", f"{len(spans)} spans")
    return text
