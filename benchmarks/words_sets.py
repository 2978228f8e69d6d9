"""The texts the figures of words are measured on, and how an answer is scored.

Open sentences mark what must go: "I saw [[PERSON:Mr Iyer]] again". An identity is hidden when 90 % of its letters and
digits are; what is hidden elsewhere counts against the engine.
"""

import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from made_posts import made

_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")
_YOUNG = re.compile(r"\b[1-8]\dY")
HIDDEN = 0.9

Answer = Iterable[tuple[int, int]]
Engine = Callable[[str], Answer]

PLAIN = (
    "There is a lobulated mass in the anterior mediastinum with specks of calcium; thymoma favoured over teratoma.",
    "Dr-dependent renogram? Please tell whether diuretic renography adds anything in grade 4 hydronephrosis.",
    "Ellis-van Creveld, Jeune and Thanatophoric dysplasia were considered antenatally.",
    "Hill-Sachs and reverse Bankart lesions; glenoid track engaged.",
    "On GE Discovery MI, SUVmax of the index node fell from 14.2 to 3.1 (Deauville 2).",
    "Mass effect on the fourth ventricle, tonsils 8 mm below McRae line; Evans index 0.38.",
    "TIRADS 4 nodule of 18 mm, FNAC advised; Bethesda III on the first pass.",
    "Subject has used Augmentin 625 TDS for a week and Dolo 650 SOS.",
    "Monro-Kellie doctrine, Cushing response and uncal herniation were discussed with the residents.",
    "Kal se pet me dard, ultiyan, TLC 16000; appendix 11 mm with fat stranding.",
    "Warthin tumour vs pleomorphic adenoma, delayed washout at 7 minutes.",
    "Acetabular index 28, Shenton line broken, Graf type III hip on the left.",
    "IV contrast: Iohexol 350 mg/ml, 1.5 ml/kg, bolus tracking at 120 HU in the aorta.",
    "Haller cell, Onodi cell and concha bullosa: which needs a note before FESS?",
    "Extraconal lesion displacing the globe; Krohn? No, capillary haemangioma likely.",
    "वक्ष के एक्सरे में बाएं फेफड़े में पानी भरा है, कृपया सलाह दें",
    "வயிற்றில் நீர் உள்ளது, கல்லீரல் பெரியது, கருத்து கூறவும்",
    "লিভারে একটি সিস্ট আছে, আর কোনো পরীক্ষা দরকার কি",
    "Sequence list: T1, T2, STIR, DWI b0/b800, ADC, post-gad VIBE.",
    "Milan criteria met: single lesion, 4.6 cm, no macrovascular invasion, CTP A.",
)
"""Sentences without an identity, written after the engine; nothing was tuned on them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and the stretches that must go."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class Score:
    """Sums over a set."""

    identities: int = 0
    hidden: int = 0
    others: int = 0
    hidden_others: int = 0
    plain: int = 0
    touched: int = 0

    @property
    def recall(self) -> float:
        """Per cent of the identities that are hidden."""
        return 100 * self.hidden / max(self.identities, 1)

    @property
    def over(self) -> float:
        """Per cent of the other characters that are hidden."""
        return 100 * self.hidden_others / max(self.others, 1)

    @property
    def untouched(self) -> float:
        """Per cent of the sentences without an identity in which nothing is hidden."""
        return 100 * (1 - self.touched / max(self.plain, 1))


def open_sentences(path: Path) -> list[Sentence]:
    """The sentences of a file of {"t": text with marks} lines."""
    return [_unmarked(json.loads(line)["t"]) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _unmarked(marked: str) -> Sentence:
    text, spans, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text, at = text + mark[2], mark.end()
    return Sentence(text + marked[at:], tuple(spans))


def held_out(seed: int, count: int) -> list[Sentence]:
    """Made posts in ten scripts, and the sentences without an identity."""
    return [*(Sentence(post.text, post.spans) for post in made(seed, count)), *(Sentence(text, ()) for text in PLAIN)]


def score(sentences: Sequence[Sentence], engine: Engine) -> Score:
    """Ask the engine about every sentence and sum up."""
    total = Score()
    for sentence in sentences:
        answer = list(engine(sentence.text))
        taken = {at for start, end in answer for at in range(start, end)}
        meant = {at for start, end, _kind in sentence.spans for at in range(start, end)}
        total.others += len(sentence.text) - len(meant)
        total.hidden_others += len(taken - meant)
        total.plain += not sentence.spans
        total.touched += bool(answer) and not sentence.spans
        for start, end, kind in sentence.spans:
            # An age under 90 is marked beside the name in one sentence, and is no identity.
            if kind == "AGE" and _YOUNG.search(sentence.text[start:end]):
                continue
            letters = [at for at in range(start, end) if sentence.text[at].isalnum()]
            total.identities += 1
            total.hidden += sum(at in taken for at in letters) >= HIDDEN * len(letters)
    return total


def megabyte(sentences: Sequence[Sentence], seed: int) -> str:
    """1 MB (a million characters) of the sentences in a random order, mixed with those that name no one."""
    chance = random.Random(seed)
    pool = [*(one.text for one in sentences), *(PLAIN * 4)]
    parts: list[str] = []
    size = 0
    while size < 1_000_000:
        parts.append(chance.choice(pool))
        size += len(parts[-1]) + 1
    return "\n".join(parts)[:1_000_000]
