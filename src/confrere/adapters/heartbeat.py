"""Each part of the running system touches a file; the health check looks how old it is."""

import time
from pathlib import Path

FRESH_S = 15.0


def beat(run: Path, part: str) -> None:
    """Say that `part` is alive now."""
    path = run / f"{part}.beat"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def is_fresh(run: Path, part: str, within_s: float = FRESH_S) -> bool:
    """Whether `part` has said so within the last `within_s` seconds."""
    try:
        return time.time() - (run / f"{part}.beat").stat().st_mtime < within_s
    except FileNotFoundError:
        return False
