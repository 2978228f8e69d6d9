"""Work that kills, waits or fails on a certain file, for tests of bulk runs; imported by the workers themselves."""

import os
import signal
import time
from pathlib import Path


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


def tell_and_wait(folder: Path, paths: list[str]) -> list[str]:
    """Leave this worker's number, then take a while."""
    (folder / str(os.getpid())).touch()
    time.sleep(0.3)
    return list(paths)


def fail(paths: list[str]) -> list[str]:
    raise ValueError(paths[0])
