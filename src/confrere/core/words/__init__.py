"""The one engine for free text: titles, histories, questions, comments, file names, reports.

Pure: a network that knows names comes in as an argument and is loaded by `adapters`.
"""

from confrere.core.words.engine import find_identifiers
from confrere.core.words.judge import judge_text
from confrere.core.words.known import NOTHING, Known, known_from
from confrere.core.words.sound import sound_text
from confrere.core.words.spans import NameFinder, NameGuess, Span

__all__ = [
    "NOTHING",
    "Known",
    "NameFinder",
    "NameGuess",
    "Span",
    "find_identifiers",
    "judge_text",
    "known_from",
    "sound_text",
]
