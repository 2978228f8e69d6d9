"""How long de-identification takes beside `cp -r` of the same files: in memory, on disk, with one worker and more."""

import os
import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import deid_ours
from figures import median_ratio, tell

CPUS = os.cpu_count() or 1
SIDE_BY_SIDE = f"cp, {CPUS} side by side"
Job = Callable[[Path, Path], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Setting:
    """One corpus in one place, and the times of `cp` its runs are held to."""

    name: str
    source: Path
    scratch: Path
    bound: float
    on_disk: bool = False


@dataclass(slots=True)
class Times:
    """The seconds of every round, by what was run."""

    rounds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, times: dict[str, float]) -> None:
        """Note one run, which may have more than one clock."""
        for name, seconds in times.items():
            self.rounds.setdefault(name, []).append(seconds)

    def ratio(self, name: str, limit: str) -> float:
        """The median over rounds of `name` by `limit`."""
        return median_ratio(self.rounds[name], self.rounds[limit])


def copy(source: Path, target: Path) -> dict[str, float]:
    """`cp -r`."""
    started = time.perf_counter()
    subprocess.run(["cp", "-r", str(source), str(target)], check=True)
    return {"cp": time.perf_counter() - started}


def copy_side_by_side(source: Path, target: Path) -> dict[str, float]:
    """Bare copies of a share each, one for every processor: what no number of workers can be faster than."""
    folders = sorted(source.iterdir())
    started = time.perf_counter()
    target.mkdir()
    shares = [folders[at::CPUS] for at in range(CPUS)]
    copies = [subprocess.Popen(["cp", "-r", *map(str, share), str(target)]) for share in shares if share]
    ended = [one.wait() for one in copies]
    if any(ended):
        raise RuntimeError("cp failed")
    return {SIDE_BY_SIDE: time.perf_counter() - started}


def copy_synced(source: Path, target: Path) -> dict[str, float]:
    """`cp -r`, then `sync` of the file system it went to: ours is on disk when it says done."""
    started = time.perf_counter()
    subprocess.run(["cp", "-r", str(source), str(target)], check=True)
    subprocess.run(["sync", "--file-system", str(target)], check=True)
    return {"cp and sync": time.perf_counter() - started}


def ours(jobs: int) -> Job:
    """Our engine with that many workers, on three clocks: the work alone, with the jails' start, the whole command.

    What the jails' start takes is measured in the same round, by the same command on one file of the same corpus.
    """

    def run(source: Path, target: Path) -> dict[str, float]:
        start = start_of(source, target, jobs)
        timed = deid_ours.run(source, target, jobs)
        if not timed.all_clean:
            print(f"  jobs {jobs}: not every file was cleaned, so its time says nothing", flush=True)
        return {
            f"jobs {jobs}": timed.own_s - start,
            f"jobs {jobs}, with the jails' start": timed.own_s,
            f"jobs {jobs}, the whole command": timed.wall_s,
        }

    return run


def start_of(source: Path, target: Path, jobs: int) -> float:
    """The seconds of a run that has next to nothing to do."""
    one = target.with_name("one")
    shutil.rmtree(one, ignore_errors=True)
    first = next(path for path in sorted(source.rglob("*")) if path.is_file())
    (one / "in").mkdir(parents=True)
    shutil.copy(first, one / "in")
    took = deid_ours.run(one / "in", one / "out", jobs).own_s
    shutil.rmtree(one)
    return took


def measure(setting: Setting, rounds: int) -> Times:
    """Run everything once a round, in a new order each time, into a fresh folder."""
    runs: list[Job] = [copy, ours(1)]
    if CPUS > 1:
        runs += [ours(CPUS), copy_side_by_side]
    if setting.on_disk:
        runs.append(copy_synced)
    times = Times()
    target = setting.scratch / "out"
    for turn in range(rounds):
        order = list(runs)
        random.Random(turn).shuffle(order)
        for run in order:
            shutil.rmtree(target, ignore_errors=True)
            if setting.on_disk:
                # What the run before left to be written is not this run's work.
                subprocess.run(["sync", "--file-system", str(setting.scratch)], check=True)
            times.add(run(setting.source, target))
    shutil.rmtree(target, ignore_errors=True)
    return times


def told(setting: Setting, times: Times, files: int) -> None:
    """Print the figures of one setting."""
    print(f"\n{setting.name}: {files} instances, {len(times.rounds['cp'])} interleaved rounds, medians")
    for name, seconds in times.rounds.items():
        median = statistics.median(seconds)
        print(f"  {name}: {median:.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), {files / median:,.0f} instances/s")
    if SIDE_BY_SIDE in times.rounds:
        tell(f"{setting.name}, {SIDE_BY_SIDE}, times cp", times.ratio(SIDE_BY_SIDE, "cp"), "x")
    for jobs in sorted({1, CPUS}):
        for limit in ("cp", "cp and sync"):
            if limit in times.rounds:
                name = f"{setting.name}, jobs {jobs}, times {limit}"
                tell(name, times.ratio(f"jobs {jobs}", limit), "x", setting.bound)
                for more in ("with the jails' start", "the whole command"):
                    tell(f"{name}, {more}", times.ratio(f"jobs {jobs}, {more}", limit), "x")


def told_workers(setting: Setting, times: Times) -> None:
    """Print what the second worker brings."""
    if CPUS == 2:
        gain = times.ratio("jobs 1", "jobs 2")
        tell(f"{setting.name}, two workers against one", gain, "x", 1.7, at_least=True)
