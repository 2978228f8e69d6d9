"""De-identify a whole tree: what is done already is passed over, the rest goes to the workers, each end is noted.

Source: docs/how-to/de-identify-files.md.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from confrere import __version__
from confrere.core.terms import Broken, Outcome
from confrere.server.bulk.cleaning import TEMPORARY, FileEnd, Order, read_secret
from confrere.server.bulk.executors import Workers
from confrere.server.bulk.manifest import NO_OUTPUT, Manifest
from confrere.server.bulk.marks import InputMarks, key_mark
from confrere.server.bulk.progress import Progress
from confrere.server.bulk.running import Run, Stop
from confrere.server.bulk.walking import DICOMDIR, Found, Tree, in_batches, readable
from confrere.server.bulk.work import Done, Same, do_batch, size_of

_UNCERTAIN = frozenset({"parser-stopped", "clearance-failed"})


@dataclass(slots=True)
class TreeRun:
    """One run of `order` over `tree`; `run` does it and notes every end in the manifest."""

    order: Order
    tree: Tree
    manifest: Manifest
    progress: Progress
    stop: Stop
    _marks: InputMarks = field(init=False)
    _same: Same = field(init=False)
    _directories: list[Found] = field(default_factory=list)
    _unreadable: list[str] = field(default_factory=list)
    _perhaps_empty: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        secret = read_secret(self.order.secret_file)
        self._marks, self._same = InputMarks(secret), Same(__version__, key_mark(secret))

    def run(self, workers: Workers) -> bool:
        """De-identify what is not done yet; returns False when a person stopped it. Raises Broken on a fault."""
        if self.manifest.resumed:
            sweep(self.order.target)
        run = Run(partial(do_batch, self.order, self._same), _killed, workers, self.stop)
        todo = self._todo(readable(self.tree.folders(), self._unreadable.append))
        for files, done in run.results(in_batches(todo)):
            if done.fault:
                raise Broken(done.fault, retryable=True)
            self._note(files, done)
        if not self.stop.wanted:
            self._note_unreadable()
            self._make_directories(workers)
            if workers.may_have_died:
                sweep(self.order.target)
            self._leave_no_empty_folder()
        return not self.stop.wanted

    def _todo(self, folders: Iterable[list[Found]]) -> Iterator[list[Found]]:
        for folder in folders:
            left = []
            for file in folder:
                self.manifest.saw(file.path)
                if os.path.basename(file.path) == DICOMDIR:  # noqa: PTH119  # once for each of millions
                    self._directories.append(file)
                elif not self._is_done(file):
                    left.append(file)
            if left:
                yield left

    def _is_done(self, file: Found) -> bool:
        if not self.manifest.resumed:
            return False
        is_done = self.manifest.is_done(file.path, self._marks.of(file), size_of(f"{self.order.target}/{file.path}"))
        self.progress.skipped += is_done
        return is_done

    def _note(self, files: list[Found], done: Done) -> None:
        noted = [
            (self._marks.of(file), end, size)
            for file, end, size in zip(files, done.ends, done.sizes, strict=True)
            # Whoever stops a run may also have stopped a parser.
            if not (self.stop.wanted and end.reason in _UNCERTAIN)
        ]
        if noted:
            marks, ends, sizes = zip(*noted, strict=True)
            self.manifest.append(list(marks), list(ends), list(sizes))
            self.progress.add([end.outcome for end in ends])
            # Folders are made before it is known what is clean.
            self._perhaps_empty |= {os.path.dirname(end.path) for end in ends if end.outcome != Outcome.CLEAN}  # noqa: PTH120

    def _note_unreadable(self) -> None:
        for path in self._unreadable:
            self.manifest.saw(path)
            self._note([Found(path, -1, 0)], Done([FileEnd(path, Outcome.HELD, "not-readable")], [NO_OUTPUT]))

    def _make_directories(self, workers: Workers) -> None:
        """Make each DICOMDIR anew from what is clean below it."""
        if not self._directories:
            return
        # Loaded only where a tree has one: it brings all of pydicom.
        from confrere.server.bulk.dicomdir import directories_of, make_dicomdir

        found = directories_of([file.path for file in self._directories], self.manifest.lines())
        for file in self._directories:
            future = workers.submit(make_dicomdir, self.order.target, file.path, found[file.path])
            end = FileEnd(file.path, Outcome.CLEAN, "dicomdir-made")
            try:
                if not future.result():
                    end = FileEnd(file.path, Outcome.REFUSED, "dicomdir-not-made")
            except Exception as error:
                raise Broken(f"a worker failed: {type(error).__name__}", retryable=True) from None
            self._note([file], Done([end], [size_of(f"{self.order.target}/{file.path}")]))

    def _leave_no_empty_folder(self) -> None:
        """Remove the folders that were made for files of which none was clean: a folder's name may be a patient's."""
        if self.manifest.resumed:
            # A run that was stopped removed none of those it made.
            passed_over = (line.path for line in self.manifest.lines() if line.outcome != Outcome.CLEAN)
            self._perhaps_empty |= {os.path.dirname(path) for path in passed_over}  # noqa: PTH120
        for folder in sorted(self._perhaps_empty, key=len, reverse=True):
            while folder:
                try:
                    (self.order.target / folder).rmdir()
                except OSError:
                    break
                folder = os.path.dirname(folder)  # noqa: PTH120


def _killed(path: str) -> Done:
    return Done([FileEnd(path, Outcome.HELD, "parser-stopped")], [NO_OUTPUT])


def sweep(target: Path) -> None:
    """Remove what a killed run or worker was still writing."""
    for folder, _folders, names in os.walk(target):
        for name in names:
            if name.startswith(TEMPORARY):
                with suppress(OSError):
                    (Path(folder) / name).unlink()


def in_the_way(tree: Tree, target: Path) -> str:
    """The first file of `target` that an output would overwrite, or nothing; for a target without a manifest."""
    if tree.only:
        return tree.only if os.path.lexists(target / tree.only) else ""
    for folder, _folders, names in os.walk(target):
        for name in sorted(names):
            path = (Path(folder) / name).relative_to(target)
            if os.path.lexists(tree.root / path):
                return str(path)
    return ""
