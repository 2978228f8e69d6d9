"""Other de-identifiers on the same files in the same run: speed, leaks, clinical elements kept, refusals.

Each is installed with pip into an environment of its own that is thrown away; none is a dependency of Confrere.
"""

import json
import random
import shutil
import statistics
import subprocess
import sys
import time
import venv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import deid_ours
from deid_speed import SIDE_BY_SIDE, copy, copy_side_by_side, start_of
from figures import load, machine, median_ratio, tell

from planted.leaks import Scanner, Tally

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "explanation" / "de-identification.md"
BEGIN, END = "<!-- table of peers: written by benchmarks/deidentify.py -->", "<!-- end of the table of peers -->"
# The tool of deid_adapters, the package it comes in, and what is said of it in the table.
PEERS = (
    ("dcmanon", "dcmanon", "Rust"),
    ("dicom-anonymizer", "dicom-anonymizer", "PS3.15 2026c, basic"),
    ("dentdeid", "dentdeid", "PS3.15 2026d, basic"),
    ("dcm-anonymizer", "dcm-anonymizer", "143 elements"),
    ("dicognito", "dicognito", "for test data"),
    ("deid", "deid", "default recipe"),
    ("hand-written", "pydicom", "5 elements and the private ones"),
)
GIVE_UP_S = 1800.0


@dataclass(slots=True)
class Peer:
    """One competitor: how it is run, and what its runs gave; `python` is None where it could not be installed."""

    tool: str
    label: str
    python: Path | None
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    tally: Tally | None = None
    version: str = ""


def install(tool: str, package: str, note: str, folder: Path) -> Peer:
    """Put `package` into an environment below `folder`."""
    home = folder / tool
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    done = subprocess.run([python, "-m", "pip", "install", "-q", package], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{tool} could not be installed here", flush=True)
        return Peer(tool, f"{tool} ({note})", None)
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    version = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    name = "pydicom, hand-written" if tool == "hand-written" else tool
    return Peer(tool, f"{name} {version} ({note})", python, version=version)


def run_peer(peer: Peer, source: Path, target: Path) -> None:
    """One run on its own clock, start-up left out."""
    command = [str(peer.python), str(HERE / "deid_adapters.py"), peer.tool, str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GIVE_UP_S)
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"n"')]
    if not lines:
        peer.python = None
        print(f"{peer.tool} failed: {done.stderr[-300:]}", flush=True)
        return
    said = json.loads(lines[-1])
    peer.seconds.append(said["s"])
    peer.refused = said["refused"]


@dataclass(slots=True)
class Table:
    """The whole comparison: ours with one worker and with all, `cp`, and the others."""

    corpus: Path
    files: int
    series_of: int
    peers: list[Peer]
    ours: dict[int, list[float]] = field(default_factory=dict)
    starts: list[float] = field(default_factory=list)
    ours_tally: Tally | None = None
    copies: list[float] = field(default_factory=list)
    side_by_side: list[float] = field(default_factory=list)
    load: str = field(default_factory=load)

    def measure(self, scratch: Path, rounds: int, jobs: tuple[int, ...]) -> None:
        """Run everyone once a round in a new order; the first round's output is searched."""
        for turn in range(rounds):
            runs: list[str | int | Peer] = ["cp", SIDE_BY_SIDE, *jobs, *(peer for peer in self.peers if peer.python)]
            random.Random(turn).shuffle(runs)
            for run in runs:
                target = scratch / "out"
                shutil.rmtree(target, ignore_errors=True)
                started = time.monotonic()
                self._run(run, target)
                name = run.tool if isinstance(run, Peer) else f"confrere, jobs {run}" if isinstance(run, int) else run
                print(f"  round {turn + 1} {name}: {time.monotonic() - started:.1f} s", flush=True)
                self._search(run, target)
        shutil.rmtree(scratch / "out", ignore_errors=True)

    def _run(self, run: str | int | Peer, target: Path) -> None:
        source = self.corpus / "in"
        if isinstance(run, Peer):
            run_peer(run, source, target)
        elif isinstance(run, int):
            # Everyone's imports are left out, so ours leaves out what its jails import before the first file, too.
            start = start_of(source, target, run)
            self.starts.append(start)
            self.ours.setdefault(run, []).append(deid_ours.run(source, target, run).own_s - start)
        elif run == SIDE_BY_SIDE:
            self.side_by_side.append(copy_side_by_side(source, target)[SIDE_BY_SIDE])
        else:
            self.copies.append(copy(source, target)["cp"])

    def _search(self, run: str | int | Peer, target: Path) -> None:
        if isinstance(run, Peer) and run.python and run.tally is None:
            run.tally = Scanner(self.corpus).scan(target)
        elif isinstance(run, int) and self.ours_tally is None:
            self.ours_tally = Scanner(self.corpus).scan(target)

    def told(self) -> None:
        """Print how much faster ours is than the two it is held to."""
        for tool, bound in (("dcmanon", 4), ("dicom-anonymizer", 40)):
            peer = next(one for one in self.peers if one.tool == tool)
            if not peer.seconds:
                tell(f"times faster than {tool}", 0, "x", bound, at_least=True)
                continue
            for jobs, seconds in sorted(self.ours.items()):
                gain = median_ratio(peer.seconds, seconds[: len(peer.seconds)])
                tell(f"times faster than {tool}, jobs {jobs}", gain, "x", bound, at_least=True)
            # What cleans nothing and checks nothing, with every processor: the most that any tool here could reach.
            most = median_ratio(peer.seconds, self.side_by_side[: len(peer.seconds)])
            tell(f"{SIDE_BY_SIDE}, times faster than {tool}", most, "x")

    def markdown(self, engine: str) -> str:
        """The table as the docs have it, with when, on what and how it was measured."""
        rows = [
            f"| `cp -r` | {self._speed(self.copies)} | | | |",
            f"| {SIDE_BY_SIDE} | {self._speed(self.side_by_side)} | | | |",
        ]
        for jobs, seconds in sorted(self.ours.items()):
            words = "one worker" if jobs == 1 else f"{jobs} workers"
            rows.append(f"| **Confrere {engine}, `headers`, {words}** | {self._row(seconds, self.ours_tally)} |")
        done = [peer for peer in self.peers if peer.seconds]
        for peer in sorted(done, key=lambda one: statistics.median(one.seconds)):
            rows.append(f"| {peer.label} | {self._row(peer.seconds, peer.tally)} |")
        today = date.today().isoformat()  # noqa: DTZ011 - the day as the one who runs it has it
        missing = ", ".join(peer.tool for peer in self.peers if not peer.seconds)
        lines = [
            BEGIN,
            "",
            f"Measured {today} on {machine()}, {self.load} before it began: {self.files} instances in series of "
            f"{self.series_of}, {len(self.copies)} interleaved rounds on tmpfs, medians, start-up left out "
            f"({statistics.median(self.starts):.2f} s for Confrere's jails); "
            "Confrere's figures include its second look, the others have none.",
            "",
            "| tool | instances/s | time of `cp` | leaked / planted | clinical elements kept | no output |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
        if missing:
            lines += [f"Could not be run here: {missing}.", ""]
        return "\n".join([*lines, END])

    def _speed(self, seconds: list[float]) -> str:
        median = statistics.median(seconds)
        return f"{self.files / median:,.0f} | {median_ratio(seconds, self.copies[: len(seconds)]):.1f} x"

    def _row(self, seconds: list[float], tally: Tally | None) -> str:
        if tally is None:
            return f"{self._speed(seconds)} | | | "
        kept = tally.clinical_kept / max(tally.clinical_there, 1)
        leaked = f"{tally.leaks:,} / {tally.planted.total():,}"
        return f"{self._speed(seconds)} | {leaked} | {kept:.1%} | {len(tally.missing)}"


def write_page(table: str) -> None:
    """Put the table between its markers on the page that explains it."""
    text = PAGE.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAGE.write_text(before + table + after, encoding="utf-8")


def engine_version() -> str:
    """Confrere's own version, from the project file."""
    line = next(
        line
        for line in (HERE.parent / "pyproject.toml").read_text(encoding="utf-8").splitlines()
        if line.startswith("version")
    )
    return line.split('"')[1]


def compare(corpus: Path, scratch: Path, rounds: int, jobs: tuple[int, ...]) -> Table:
    """Install the others, measure everyone, print the table."""
    scanner = Scanner(corpus)
    per_series = max(1, len(scanner.paths) // len(scanner.manifest.plants))
    environments = scratch / "environments"
    peers = [install(tool, package, note, environments) for tool, package, note in PEERS]
    table = Table(corpus, len(scanner.paths), per_series, peers)
    table.measure(scratch, rounds, jobs)
    print(table.markdown(engine_version()))
    table.told()
    return table


if __name__ == "__main__":
    sys.exit("started by benchmarks/deidentify.py")
