"""Our own engine as the benchmark runs it: in a child process that says its own seconds, start-up left out.

The only place that knows how `confrere.server.bulk` is called.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src")]

# Children import this repository's Confrere, whatever the environment knows besides.
ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
SECRET = b"a secret of the benchmark, 32 by"


@dataclass(frozen=True, slots=True)
class Timed:
    """One run: its own seconds, the seconds with the interpreter's start, how many files ended clean."""

    own_s: float
    wall_s: float
    clean: int
    ends: dict[str, int]


def run(source: Path, target: Path, jobs: int) -> Timed:
    """De-identify `source` into `target` with the `headers` profile, verify included. Raises on a failed child."""
    started = time.perf_counter()
    command = [sys.executable, str(Path(__file__)), str(source), str(target), str(jobs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRON)
    wall = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    said = json.loads(done.stdout.splitlines()[-1])
    return Timed(said["s"], wall, said["ends"].get("clean", 0), said["ends"])


def main(source: Path, target: Path, jobs: int) -> None:
    """What the child does: time the call alone and print it as JSON."""
    from collections import Counter

    from confrere.server.bulk import Order, clean_tree

    target.mkdir(parents=True, exist_ok=True)
    order = Order(source.resolve(), target.resolve(), SECRET, "headers")
    started = time.perf_counter()
    ends = Counter(str(end.outcome) for end in clean_tree(order, jobs))
    print(json.dumps({"s": time.perf_counter() - started, "ends": ends}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
