"""Some three hundred sentences of many hands' habits: what was found once stays found, what was left alone stays so.

The engine was tuned on them, so they say nothing of new texts; `benchmarks/words.py` does. Identities are made up.
"""

import json
import re
from pathlib import Path

from confrere.adapters.name_network import load_name_network
from confrere.core.words import find_identifiers

SENTENCES = Path(__file__).with_name("variety.jsonl")
MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")


def marked() -> list[tuple[str, list[tuple[int, int]]]]:
    """Each text with the stretches that must go."""
    found = []
    for line in SENTENCES.read_text("utf-8").splitlines():
        text, spans, at = "", [], 0
        source = json.loads(line)["t"]
        for mark in MARK.finditer(source):
            text += source[at : mark.start()]
            spans.append((len(text), len(text) + len(mark[2])))
            text, at = text + mark[2], mark.end()
        found.append((text + source[at:], spans))
    return found


def test_identities_are_hidden_and_plain_sentences_are_left_alone() -> None:
    network = load_name_network()
    hidden = identities = touched = plain = 0
    for text, spans in marked():
        answer = find_identifiers(text, names=network)
        taken = {at for span in answer for at in range(span.start, span.end)}
        plain += not spans
        touched += bool(answer) and not spans
        for start, end in spans:
            letters = [at for at in range(start, end) if text[at].isalnum()]
            identities += 1
            hidden += sum(at in taken for at in letters) >= 0.9 * len(letters)
    assert identities > 350 and plain > 150
    assert hidden >= 0.98 * identities
    assert touched <= 0.02 * plain
