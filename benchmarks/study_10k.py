"""A study of 10,000 CT instances of half a megabyte, stored over four associations: first byte to draft ready.

    .venv/bin/python benchmarks/study_10k.py [--instances 10000] [--associations 4] [--folder DIR]

Says where the time went as well: until every instance was taken in, until every one was examined, until the author
could see the draft. Needs dcmtk (storescu) and some 20 GB below --folder; everything is removed at the end.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src"), str(ROOT / "tools")]

from figures import children, cpu_seconds, ended, load, machine, peak_mib, tell  # noqa: E402
from support.system import RunningSystem, running_system  # noqa: E402

from planted.corpus import make_study  # noqa: E402

SERIES = 20
BOUND_S = 6 * 60
BOUND_MIB = 512
GIVE_UP_S = 60 * 60
STORED = "select count(*) from intake_arrival where is_complete = 1"
EXAMINED = "select count(*) from intake_arrival where is_examined = 1"
RELEASED = "select count(distinct sop_instance_uid) from release_releasedinstance"
# What the four associations have to take in: each one's intake ends in a state of its own.
STATES = "select state, reason_code, count(*) from intake_intake group by state, reason_code"
OUTCOMES = "select outcome, reason_code, count(*) from clearance_instanceclearance group by outcome, reason_code"


@dataclass(slots=True)
class Watch:
    """What was seen while the system worked: moments in seconds after the first byte, peaks in MiB."""

    system: RunningSystem
    started: float
    instances: int
    drafts: int = 0
    moments: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    pace: list[tuple[float, int, int]] = field(default_factory=list)

    def look(self) -> bool:
        """Note where things stand; True once every instance can be seen by its author."""
        at = time.monotonic() - self.started
        stored, examined = self.system.count(STORED), self.system.count(EXAMINED)
        self.pace.append((at, stored, examined))
        for name, reached in (("taken in", stored), ("examined", examined)):
            if reached >= self.instances:
                self.moments.setdefault(name, at)
        for part in ("dicom-node", "conveyor", "web", "keybox"):
            for pid in self.system.pids(part)[:1]:
                self._peak(part, peak_mib(pid))
                self.cpu[part] = cpu_seconds(pid)
        workers = self.system.workers()
        self.cpu["workers with their jails"] = sum(cpu_seconds(worker) for worker in workers)
        for worker in workers:
            jails = sum(peak_mib(child) for child in children(worker))
            self._peak("worker", peak_mib(worker))
            self._peak("jail of a worker", jails)
            self._peak("worker and its jail", peak_mib(worker) + jails)
        if self.system.count(RELEASED) >= self.instances:
            self.moments["ready"] = at
        return "ready" in self.moments

    def _peak(self, name: str, mib: float) -> None:
        self.peaks[name] = max(self.peaks.get(name, 0.0), mib)


def send(system: RunningSystem, groups: list[list[Path]], folder: Path) -> list[subprocess.Popen[bytes]]:
    """One storescu, one association, for each group of files."""
    program = shutil.which("storescu", path="/usr/bin:/usr/local/bin") or "storescu"
    command = [program, "-aet", "WS_BATHINDA", "-aec", "CONFRERE", "127.0.0.1", str(system.dicom_port)]
    return [
        subprocess.Popen(
            [*command, *(str(file.relative_to(folder)) for file in group)], cwd=folder, stderr=subprocess.DEVNULL
        )
        for group in groups
    ]


def measure(folder: Path, groups: list[list[Path]], instances: int) -> Watch:
    """Store every group at once and watch until the draft is ready."""
    with running_system(folder / "home", "--no-demo-studies") as system:
        watch = Watch(system, time.monotonic(), instances)
        senders = send(system, groups, folder)
        while not watch.look() and time.monotonic() - watch.started < GIVE_UP_S:
            if all(sender.poll() is not None for sender in senders):
                watch.moments.setdefault("senders done", time.monotonic() - watch.started)
                if any(sender.returncode for sender in senders):
                    print("a sender failed", [sender.returncode for sender in senders])
                    break
            time.sleep(2)
        print("intakes:", json.dumps(system.rows(STATES)), "instances:", json.dumps(system.rows(OUTCOMES)))
        watch.drafts = system.count("select count(*) from cases_case")
    return watch


def told(watch: Watch) -> None:
    """Print the figures and where the time went."""
    for name in ("senders done", "taken in", "examined"):
        tell(f"first byte to {name}", watch.moments.get(name, float("inf")), "s")
    tell("first byte to draft ready", watch.moments.get("ready", float("inf")), "s", BOUND_S)
    tell("drafts the one study became", watch.drafts, "")
    for name, mib in sorted(watch.peaks.items()):
        tell(f"peak memory, {name}", mib, "MiB", BOUND_MIB if name in ("worker", "jail of a worker") else None)
    for name, seconds in sorted(watch.cpu.items()):
        tell(f"processor time, {name}", seconds, "s")
    for at, stored, examined in watch.pace[:: max(1, len(watch.pace) // 20)]:
        print(f"  {at:6.0f} s  taken in {stored:6}  examined {examined:6}")


def main() -> int:
    """Make the study, measure once, clean up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=10_000)
    parser.add_argument("--associations", type=int, default=4)
    parser.add_argument("--folder", type=Path, help="where there is room; default: the system's temporary folder")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        started = time.monotonic()
        series = make_study(folder / "study", SERIES, args.instances // SERIES, seed=10_000)
        print(f"{machine()}, {load()}\n{SERIES} series made in {time.monotonic() - started:.0f} s", flush=True)
        groups = [
            [file for one in series[turn :: args.associations] for file in one] for turn in range(args.associations)
        ]
        told(measure(folder, groups, sum(len(group) for group in groups)))
    return ended()


if __name__ == "__main__":
    sys.exit(main())
