"""Walk a tree of any size and cut it into batches of about one series, without opening a file.

A folder usually holds one series, so files of one folder stay together. Only the names of the folders on the way
down are held in memory.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

DICOMDIR = "DICOMDIR"
"""The file of this name is a directory of the others (PS3.10 section 8.6)."""

MOST_FILES = 64
MOST_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file, its path relative to the tree; `size` is -1 for a file or folder that cannot be looked at."""

    path: str
    size: int
    mtime_ns: int

    @property
    def is_unreadable(self) -> bool:
        """Whether the system did not let us look at it."""
        return self.size < 0


@dataclass(slots=True)
class Tree:
    """The files below `root`, or only the one named `only`; `passed_over` counts links and devices met so far."""

    root: Path
    only: str = ""
    passed_over: int = 0

    def folders(self) -> Iterator[list[Found]]:
        """The files of each folder that has some, in order of their names; links are not followed."""
        if self.only:
            known = (self.root / self.only).stat()
            yield [Found(self.only, known.st_size, known.st_mtime_ns)]
            return
        waiting = [""]
        while waiting:
            below = waiting.pop()
            files, inner = self._look_into(below)
            if files:
                yield files
            waiting += reversed(inner)

    def _look_into(self, below: str) -> tuple[list[Found], list[str]]:
        files: list[Found] = []
        inner: list[str] = []
        try:
            with os.scandir(self.root / below) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            return [Found(below or ".", -1, 0)], []
        for entry in entries:
            path = os.path.join(below, entry.name)  # noqa: PTH118  # once for each of millions
            if entry.is_file(follow_symlinks=False):
                files.append(_found(entry, path))
            elif not entry.is_dir(follow_symlinks=False):
                self.passed_over += 1
            else:
                inner.append(path)
        return files, inner


def tree_at(source: Path) -> Tree:
    """The tree of a folder, or of a single file in its folder."""
    source = source.resolve()
    return Tree(source.parent, source.name) if source.is_file() else Tree(source)


def _found(entry: os.DirEntry[str], path: str) -> Found:
    try:
        known = entry.stat(follow_symlinks=False)
    except OSError:
        return Found(path, -1, 0)
    return Found(path, known.st_size, known.st_mtime_ns)


def readable(folders: Iterable[list[Found]], unreadable: Callable[[str], None]) -> Iterator[list[Found]]:
    """The folders without what cannot be looked at, which is told to `unreadable`."""
    for folder in folders:
        for file in folder:
            if file.is_unreadable:
                unreadable(file.path)
        yield [file for file in folder if not file.is_unreadable]


def in_batches(folders: Iterable[list[Found]]) -> Iterator[list[Found]]:
    """Batches of at most MOST_FILES files and about MOST_BYTES; small folders share one."""
    waiting: list[Found] = []
    for folder in folders:
        for part in _cut(folder):
            if waiting and not _fits([*waiting, *part]):
                yield waiting
                waiting = []
            waiting.extend(part)
    if waiting:
        yield waiting


def _fits(files: list[Found]) -> bool:
    return len(files) <= MOST_FILES and sum(file.size for file in files) <= MOST_BYTES


def _cut(folder: list[Found]) -> Iterator[list[Found]]:
    """A folder in parts that fit; a file over the limit is a part of its own."""
    part: list[Found] = []
    size = 0
    for file in folder:
        if part and (len(part) == MOST_FILES or size + file.size > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(file)
        size += file.size
    if part:
        yield part
