"""Score an output against the answer key in the sense of MIDI-B, and more strictly than its validator does.

Stricter in this: an instance without output fails every action asked of it; a date that stays must have moved by the
same number of days as every other date of its patient; a UID or patient ID must lead from one to one, in both
directions; retained text must be equal, not merely contain the words; an action with no judge here fails.
Source: the actions of the MIDI-B challenge (2024) and their loopholes; the judging is our own.
"""

import hashlib
import json
import re
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pydicom

from planted.answer_key import elements, text_of, write_key, write_pairs
from planted.leaks import Scanner

KEY = "answer_data.db"
UID_PAIRS = "uid_mapping.csv"
PATIENT_PAIRS = "patid_mapping.csv"
_WORD = re.compile(r"\w{3,}")
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
# What stands where a date had to go: it says nothing of any offset.
_DUMMY_DATE = "19000101"
Asked = dict[str, str]


@dataclass(slots=True)
class Score:
    """How many actions were asked for and how many were done, by action."""

    asked: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def percent(self) -> float:
        """The share that was done; 0 when nothing was asked, because then nothing was shown."""
        return 100 * self.done.total() / self.asked.total() if self.asked else 0.0

    def lines(self) -> list[str]:
        """The score in words."""
        rows = [f"{action} {self.done[action]}/{self.asked[action]}" for action in sorted(self.asked)]
        return [
            f"MIDI-B score {self.percent:.4f} % of {self.asked.total()} actions",
            "  " + ", ".join(rows),
            *(f"  failed: {what} x{count}" for what, count in self.failed.most_common(15)),
        ]


@dataclass(slots=True)
class _Pairs:
    """Old to new, and whether each leads to one alone."""

    by_old: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_new: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, old: str, new: str) -> None:
        self.by_old[old].add(new)
        self.by_new[new].add(old)

    def is_one_to_one(self, old: str) -> bool:
        """Whether `old` became one thing everywhere, and that thing is nothing else; removed is one thing too."""
        return len(self.by_old[old]) == 1 and all(not new or len(self.by_new[new]) == 1 for new in self.by_old[old])

    def first(self) -> dict[str, str]:
        return {old: min(news) for old, news in self.by_old.items()}


@dataclass(slots=True)
class Output:
    """One instance's output: its values by path, and the digest of its pixels."""

    values: dict[str, str]
    digest: str


def _read(path: Path) -> Output:
    ds = pydicom.dcmread(path)
    digest = hashlib.md5(ds.get("PixelData", b""), usedforsecurity=False).hexdigest()
    return Output({where: text_of(element) for where, element in elements(ds)}, digest)


def _plain(entry: dict[str, str]) -> Asked:
    # Only what is put around a text is taken off; the text itself may have brackets too.
    taken = ("tag_name", "value", "action", "action_text")
    return {"tag_ds": entry["tag_ds"], **{name: entry[name][1:-1] for name in taken}}


def _rows(key: Path) -> dict[str, tuple[str, list[Asked]]]:
    database = sqlite3.connect(key)
    rows = database.execute("select SOPInstanceUID, PatientID, AnswerData from answer_data").fetchall()
    database.close()
    return {sop: (patient, [_plain(one) for one in json.loads(asked).values()]) for sop, patient, asked in rows}


@dataclass(slots=True)
class Judge:
    """Knows every pair and every shift of the whole output before the first action is judged."""

    uids: _Pairs = field(default_factory=_Pairs)
    patients: _Pairs = field(default_factory=_Pairs)
    shifts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, patient: str, asked: list[Asked], output: Output) -> None:
        """Take in the pairs and shifts one instance shows."""
        for one in asked:
            new = output.values.get(one["tag_ds"])
            if new is None:
                continue
            if one["action"] == "uid_consistent":
                self.uids.add(one["value"], new)
            elif one["action"] == "patid_consistent":
                self.patients.add(one["value"], new)
            elif one["action"] == "date_shifted" and (days := _days(one["value"], new)) is not None:
                self.shifts[patient].add(days)

    def is_done(self, patient: str, one: Asked, output: Output) -> bool:
        """Whether the action was done; one this judge does not know was not."""
        new = output.values.get(one["tag_ds"])
        match one["action"]:
            case "tag_retained":
                return new is not None
            case "text_notnull":
                return bool(new)
            case "text_retained":
                return new == one["value"]
            case "text_removed":
                return new is None or not _words(one["action_text"]) & _words(new)
            case "date_shifted":
                return not new or (one["value"] not in new and self._is_shifted(patient, one["value"], new))
            case "uid_changed":
                return new is None or one["value"] not in new
            case "uid_consistent":
                return new is None or self.uids.is_one_to_one(one["value"])
            case "patid_consistent":
                return new is not None and self.patients.is_one_to_one(one["value"])
            case "pixels_retained":
                return output.digest == one["action_text"]
        return False

    def _is_shifted(self, patient: str, old: str, new: str) -> bool:
        return _days(old, new) is None or (len(self.shifts[patient]) == 1 and 0 not in self.shifts[patient])


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _days(old: str, new: str) -> int | None:
    """By how many days a date or date-time moved; None where one of them is no date."""
    before, after = _DATE.match(old), _DATE.match(new)
    if before is None or after is None or new.startswith(_DUMMY_DATE):
        return None
    try:
        first, second = (date(*(int(part) for part in found.groups())) for found in (before, after))
    except ValueError:
        return None
    return (second - first).days


def score_output(corpus: Path, output: Path, folder: Path) -> Score:
    """Write the key and the pairs into `folder`, and score the output of the corpus's `in` folder."""
    scanner = Scanner(corpus)
    write_key(corpus, folder / KEY)
    rows, judge, score = _rows(folder / KEY), Judge(), Score()
    outputs: dict[str, Output] = {}
    for path in scanner.paths:
        sop = next(plant.text for plant in scanner.manifest.own[path])
        if (output / path).exists():
            outputs[sop] = _read(output / path)
            judge.learn(*rows[sop], outputs[sop])
    for sop, (patient, asked) in rows.items():
        for one in asked:
            score.asked[one["action"]] += 1
            if sop in outputs and judge.is_done(patient, one, outputs[sop]):
                score.done[one["action"]] += 1
            else:
                score.failed[f"{one['action']} {one['tag_ds']} {one['tag_name']}"] += 1
    write_pairs(folder / UID_PAIRS, judge.uids.first())
    write_pairs(folder / PATIENT_PAIRS, judge.patients.first())
    return score
