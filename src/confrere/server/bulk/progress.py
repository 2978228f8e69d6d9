"""One line on a terminal that says how far a run is; nothing where no one looks, and never a path or a value."""

import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from confrere.core.terms import Outcome

_PAUSE_S = 0.2


@dataclass(slots=True)
class Progress:
    """Counts files as they end. `total` is 0 until the whole tree has been walked."""

    out: TextIO
    shown: bool
    total: int = 0
    skipped: int = 0
    ends: Counter[Outcome] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)
    _next: float = 0.0

    def add(self, outcomes: list[Outcome]) -> None:
        """Count files and draw the line again, a few times a second."""
        self.ends.update(outcomes)
        if self.shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + _PAUSE_S
            self._draw()

    def line(self, elapsed_s: float) -> str:
        """The line in words."""
        done = self.ends.total()
        rate = done / elapsed_s if elapsed_s > 0 else 0.0
        parts = [f"{done + self.skipped}/{self.total} files" if self.total else f"{done + self.skipped} files"]
        if self.skipped:
            parts.append(f"{self.skipped} done before")
        parts += [f"{self.ends[kind]} {kind}" for kind in (Outcome.HELD, Outcome.REFUSED) if self.ends[kind]]
        parts.append(f"{rate:.0f}/s")
        if self.total and rate:
            parts.append(f"{_clock((self.total - self.skipped - done) / rate)} left")
        return " · ".join(parts)

    @contextmanager
    def counting(self, source: Path) -> Iterator[None]:
        """Count the files below `source` meanwhile, where a line is shown: without a total no time left is known."""
        stop = threading.Event()
        counter = threading.Thread(target=self._count, args=(source, stop), daemon=True)
        if self.shown:
            counter.start()
        try:
            yield
        finally:
            stop.set()

    def _count(self, source: Path, stop: threading.Event) -> None:
        total = int(source.is_file())
        for _folder, _folders, names in os.walk(source):
            total += len(names)
            if stop.is_set():
                return
        self.total = total

    def end(self) -> None:
        """Leave the last state standing on a line of its own."""
        if self.shown:
            self._draw()
            self.out.write("\n")

    def _draw(self) -> None:
        width = shutil.get_terminal_size().columns - 1
        line = self.line(time.monotonic() - self.started)[:width]
        self.out.write(f"\r{line:<{width}}")
        self.out.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
