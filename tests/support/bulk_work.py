"""Work that kills, waits or fails on a certain file, for tests of bulk runs; imported by the workers themselves."""

import os
import signal
import time
from itertools import count
from pathlib import Path

from confrere.server.bulk import work
from confrere.server.bulk.cleaning import FileEnd, Order, clean_batch
from confrere.server.bulk.work import Done, Same, do_batch
from confrere.server.cli import main


def names_of(paths: list[str]) -> list[str]:
    return list(paths)


def died(path: str) -> list[str]:
    return [f"killer {path}"]


def die_on(word: str, paths: list[str]) -> list[str]:
    """Kill this worker at a path that holds `word`."""
    if any(word in path for path in paths):
        os.kill(os.getpid(), signal.SIGKILL)
    return list(paths)


def die_once(folder: Path, paths: list[str]) -> list[str]:
    """Kill this worker the first time any is asked."""
    try:
        (folder / "died").touch(exist_ok=False)
    except FileExistsError:
        return list(paths)
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def die_writing_once(folder: Path, order: Order, same: Same, paths: list[str]) -> Done:
    """Kill this worker the first time any is asked, with half a file written."""
    try:
        (folder / "died").touch(exist_ok=False)
    except FileExistsError:
        return do_batch(order, same, paths)
    half = order.target / paths[0]
    half.parent.mkdir(parents=True, exist_ok=True)
    half.with_name(".confrere-half").write_bytes(b"half a file")
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def die_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(paths: list[str]) -> list[str]:
    raise ValueError(paths[0])


def command_held_up(go: str, words: list[str]) -> int:
    """The command line with `words`, whose batches but for the first wait until the file `go` is there."""
    calls = count()

    def held_up(order: Order, paths: list[str]) -> list[FileEnd]:
        if next(calls):
            while not Path(go).exists():
                time.sleep(0.01)
        return clean_batch(order, paths)

    work.clean_batch = held_up
    return main(words)
