"""Our own engine as the benchmark runs it: the command, in a child process that says its seconds without the start-up.

The only place that knows how Confrere is called.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Children import this repository's Confrere, whatever the environment knows besides.
ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
SECRET = b"a secret of the benchmark, 32 by"


@dataclass(frozen=True, slots=True)
class Timed:
    """One run: the command's own seconds, the same with the interpreter's start, and whether every file was cleaned."""

    own_s: float
    wall_s: float
    all_clean: bool


def command(source: Path, target: Path, jobs: int | None = None) -> list[str]:
    """The words of the command, secret and all; with the default number of workers where `jobs` is None."""
    secret = target.parent / "secret-of-the-benchmark"
    secret.write_bytes(SECRET)
    words = ["deidentify", str(source), str(target), "--profile", "headers", "--secret-file", str(secret)]
    return words if jobs is None else [*words, "--jobs", str(jobs)]


def run(source: Path, target: Path, jobs: int) -> Timed:
    """De-identify `source` into `target`, verify included. Raises RuntimeError when the child broke."""
    # An earlier run's notes beside the target would make this one a continuation.
    shutil.rmtree(target.with_name(f"{target.name}.confrere"), ignore_errors=True)
    words = [sys.executable, str(Path(__file__)), *command(source, target, jobs)]
    started = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=ENVIRON)
    wall = time.perf_counter() - started
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"own_s"')]
    if not lines:
        raise RuntimeError(done.stderr[-2000:])
    said = json.loads(lines[-1])
    return Timed(said["own_s"], wall, said["code"] == 0)


def main(words: list[str]) -> None:
    """What the child does: everything imported first, then the command alone on the clock."""
    from confrere.server import cli

    cli.parser("deidentify")
    started = time.perf_counter()
    code = cli.main(words)
    print(json.dumps({"own_s": time.perf_counter() - started, "code": code}))


if __name__ == "__main__":
    main(sys.argv[1:])
