"""The manifest of a target: one line for each file that is done, so that a run that was stopped goes on.

`manifest.jsonl` begins with the conditions of its runs; a line follows for each file: `{path, input, outcome, reason,
size, record}`, where `input` is a keyed mark of the input's size and time of change, `reason` is left out when it is
"ok", and `record` is a number of `records.jsonl`, which holds each distinct record once. A path's last line counts.
In memory a file is two or three numbers of 64 bits.
Source: docs/how-to/de-identify-files.md.
"""

import fcntl
import hashlib
import json
import os
import time
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BufferedRandom
from pathlib import Path
from typing import Any, Self

import numpy as np

from confrere.core.terms import Outcome
from confrere.server.bulk.cleaning import FileEnd
from confrere.server.bulk.marks import number_of

FORMAT = 1
MANIFEST = "manifest.jsonl"
NO_OUTPUT = -1


def manifest_folder(target: Path) -> Path:
    """Where the manifest of `target` lies: beside it, because it names every file of the archive."""
    return target.with_name(f"{target.name}.confrere")


class NotThisRun(Exception):
    """The target belongs to a run of another kind, or what it says cannot be read; the message says which."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What makes two runs the same: equal ones give equal outputs for equal inputs."""

    version: str
    edition: str
    profile: str
    key: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One file that is done; `record` is 0 for none."""

    path: str
    input: str
    outcome: Outcome
    reason: str
    size: int = NO_OUTPUT
    record: int = 0

    def as_json(self) -> str:
        """The line as it is written, without what is usual."""
        told: dict[str, object] = {"path": self.path, "input": self.input, "outcome": self.outcome}
        if self.reason != "ok":
            told["reason"] = self.reason
        if self.size != NO_OUTPUT:
            told["size"] = self.size
        if self.record:
            told["record"] = self.record
        return _json(told)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _line(told: dict[str, Any]) -> Line:
    return Line(
        told["path"],
        told["input"],
        Outcome(told["outcome"]),
        told.get("reason", "ok"),
        told.get("size", NO_OUTPUT),
        told.get("record", 0),
    )


class Records:
    """Each distinct DeidentificationRecord once, by number."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers: dict[bytes, int] = {}
        self._file = _open(path)
        for told in _lines_of(self._file):
            self._numbers[_digest(told["record"])] = told["id"]

    def number(self, record: dict[str, object]) -> int:
        """The number of `record`, which is written if it is new; 0 for an empty one."""
        if not record:
            return 0
        digest = _digest(record)
        found = self._numbers.get(digest)
        if found is None:
            found = self._numbers[digest] = len(self._numbers) + 1
            self._file.write(_json({"id": found, "digest": digest.hex(), "record": record}).encode() + b"\n")
        return found

    def __len__(self) -> int:
        return len(self._numbers)

    def settle(self) -> None:
        """Bring what was written to the disk."""
        _settle(self._file)

    def all(self) -> dict[int, dict[str, object]]:
        """Every record by its number."""
        self._file.flush()
        with self._path.open("rb") as file:
            return {told["id"]: told["record"] for told in map(json.loads, file)}

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class Manifest:
    """The manifest of `target`, open for one run. Raises NotThisRun for a target of other conditions or in use."""

    def __init__(self, target: Path, conditions: Conditions) -> None:
        folder = manifest_folder(target)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / MANIFEST
        self._file = _open(self._path)
        if not _locked(self._file):
            self._file.close()
            raise NotThisRun("another run is at work there")
        self._paths, self._done = array("Q"), array("Q")
        self._seen = array("Q")
        self._last_record = 0
        try:
            self.resumed = self._read(conditions)
            self._records = Records(folder / "records.jsonl")
            if self._last_record > len(self._records):
                raise LookupError
        except (ValueError, TypeError, LookupError, AttributeError):
            self._file.close()
            raise NotThisRun("its manifest cannot be read") from None
        self._finished = np.sort(_numbers(self._done))
        del self._done

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
        self._records.close()

    def _read(self, conditions: Conditions) -> bool:
        """Take over what an earlier run did; returns whether there was one."""
        lines = _lines_of(self._file)
        header = next(lines, None)
        if header is None:
            self._file.write(_json({"format": FORMAT, **asdict(conditions)}).encode() + b"\n")
            _settle(self._file)
            return False
        for name, value in {"format": FORMAT, **asdict(conditions)}.items():
            if header.get(name) != value:
                raise NotThisRun(f"it was made with another {_IN_WORDS[name]}")
        for line in map(_line, lines):
            self._paths.append(number_of(line.path))
            self._done.append(number_of(line.path, line.input, line.size))
            self._last_record = max(self._last_record, line.record)
        return True

    def is_done(self, path: str, mark: str, size: int) -> bool:
        """Whether this input is done and its output (of `size`, -1 for none) is as it was left."""
        wanted = np.uint64(number_of(path, mark, size))
        place = int(np.searchsorted(self._finished, wanted))
        return place < len(self._finished) and self._finished[place] == wanted

    def saw(self, path: str) -> None:
        """Note that this run met `path`; only such paths are told of by `lines`."""
        self._seen.append(number_of(path))

    def append(self, marks: list[str], ends: list[FileEnd], sizes: list[int]) -> None:
        """Write the lines of a batch whose outputs are on the disk already, and bring them there too."""
        # Files of a series share one record object, so that its text is made once.
        numbers = {id(end.record): self._records.number(end.record) for end in {id(e.record): e for e in ends}.values()}
        lines = [
            Line(end.path, mark, end.outcome, end.reason, size, numbers[id(end.record)])
            for mark, end, size in zip(marks, ends, sizes, strict=True)
        ]
        self._records.settle()
        self._file.write("".join(line.as_json() + "\n" for line in lines).encode())
        _settle(self._file)
        self._paths.extend(number_of(line.path) for line in lines)

    def lines(self) -> Iterator[Line]:
        """The last line of each path this run met, in the order written."""
        wanted = self._wanted()
        with self._path.open("rb") as file:
            next(file)
            for is_wanted, text in zip(wanted, file, strict=True):
                if is_wanted:
                    yield _line(json.loads(text))

    def _wanted(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """For each line whether it is the last of its path, and its path was met."""
        paths, met = _numbers(self._paths), np.sort(_numbers(self._seen))
        wanted = np.zeros(len(paths), bool)
        if not (len(paths) and len(met)):
            return wanted
        order = np.argsort(paths, kind="stable")
        in_order = paths[order]
        is_last = np.append(in_order[1:] != in_order[:-1], True)  # nothing comes after the last
        is_last &= met[np.minimum(np.searchsorted(met, in_order), len(met) - 1)] == in_order
        wanted[order[is_last]] = True
        return wanted

    def records(self) -> dict[int, dict[str, object]]:
        """Every record by its number."""
        return {0: {}, **self._records.all()}


_IN_WORDS = {
    "format": "layout of the manifest",
    "version": "version of Confrere",
    "edition": "edition of PS3.15",
    "profile": "profile",
    "key": "secret",
    "source": "SRC",
}


def _numbers(told: "array[int]") -> "np.ndarray[Any, np.dtype[np.uint64]]":
    # A copy: an array that numpy looks into cannot grow.
    return np.array(told, np.uint64)


def _open(path: Path) -> BufferedRandom:
    """Open for reading and appending, for its owner only."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _locked(file: BufferedRandom) -> bool:
    """Whether `file` is this run's alone; the last child of a run that was just killed may hold it a moment longer."""
    for wait_s in (0.1, 0.4, 1.5, 0):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(wait_s)
    return False


def _lines_of(file: BufferedRandom) -> Iterator[dict[str, Any]]:
    """Every whole line; a torn last one, of a run that was killed, is cut off."""
    end = 0
    for text in file:
        if not text.endswith(b"\n"):
            break
        end += len(text)
        yield json.loads(text)
    file.seek(end)
    file.truncate()


def _settle(file: BufferedRandom) -> None:
    file.flush()
    os.fsync(file.fileno())


def _digest(record: dict[str, object]) -> bytes:
    return hashlib.blake2b(json.dumps(record, sort_keys=True).encode(), digest_size=16).digest()
