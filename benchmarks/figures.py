"""How every benchmark says what it measured: the figure, the bound it is held to, and whether it is reached."""

import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

MISSED: list[str] = []
"""The names of the figures told so far that missed their bounds; a benchmark ends with exit code 1 if there are any."""


def tell(name: str, value: float, unit: str, bound: float | None = None, *, at_least: bool = False) -> None:
    """Print one figure; with a bound, whether it is reached."""
    line = f"{name}: {value:,.2f} {unit}".rstrip()
    if bound is not None:
        reached = value >= bound if at_least else value <= bound
        if not reached:
            MISSED.append(name)
        line += f" ({'≥' if at_least else '≤'} {bound:g}) {'ok' if reached else 'NOT REACHED'}"
    print(line, flush=True)


def ended() -> int:
    """Print what was missed and return the exit code of the benchmark."""
    print("every bound is reached" if not MISSED else f"NOT REACHED: {', '.join(MISSED)}", flush=True)
    return 1 if MISSED else 0


def median_ratio(times: Sequence[float], limits: Sequence[float]) -> float:
    """The median over rounds of one time by another of the same round."""
    return statistics.median(time / limit for time, limit in zip(times, limits, strict=True))


def machine() -> str:
    """What the figures were measured on, without its name: processor, cores, memory, system."""
    cpu = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ":").partition(":")[2]
    total = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "MemTotal: 0").split()[1]
    cores = sum(1 for line in _lines("/proc/cpuinfo") if line.startswith("processor"))
    return (
        f"{cpu.strip() or platform.machine()}, {cores} cores, {int(total) / 2**20:.0f} GiB, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"
    )


def load() -> str:
    """How busy the machine was in the last minute: 0 is idle, and only then are times worth quoting."""
    return f"load average {os.getloadavg()[0]:.1f}"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def peak_mib(pid: int) -> float:
    """The high-water mark of a process's resident memory in MiB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024 if "VmHWM:" in status else 0.0


def children(pid: int) -> list[int]:
    """The processes `pid` has started and that still run."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(one) for task in tasks for one in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of the children it has reaped, in seconds."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
