"""The same tree on a real Dask cluster: a scheduler and two workers, one of them killed on the way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from support.bulk_work import die_on, died
from support.sending import One, file_of, too_deep
from support.system import free_ports, wait_until
from support.trees import files_below, lines_noted

from confrere.server.bulk.executors import workers_at
from confrere.server.bulk.running import Run, Stop
from confrere.server.bulk.walking import Found
from confrere.server.cli import main

ROOT = Path(__file__).resolve().parents[3]
# One folder for each series; more of them than the workers can have done before one is killed.
SERIES, LENGTH = 12, 60
PATIENCE_S = 120


@contextmanager
def process(*words: str, allowed_failures: str = "3") -> Iterator[subprocess.Popen[bytes]]:
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
        # A task whose worker died is told so at once, instead of after three more workers.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": allowed_failures,
    }
    child = subprocess.Popen([sys.executable, "-m", *words], env=environ, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers as processes without a nanny: what is killed stays dead."""
    with started(tmp_path, nanny=False) as found:
        yield found


@contextmanager
def started(folder: Path, *, nanny: bool) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    (port,) = free_ports(1)
    place = f"127.0.0.1:{port}"
    with ExitStack() as stack:
        words = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        stack.enter_context(process(*words, allowed_failures="0" if nanny else "3"))
        worker = ("--nanny" if nanny else "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
        workers = [
            stack.enter_context(
                process("distributed.cli.dask_worker", place, *worker, "--local-directory", str(folder / name))
            )
            for name in ("one", "two")
        ]
        yield place, workers


def noted(target: Path) -> list[dict[str, object]]:
    """The lines of a manifest in order of path, without its head and the numbers of the records."""
    lines = map(json.loads, lines_noted(target))
    return sorted(({**line, "record": "record" in line} for line in lines), key=lambda line: line["path"])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for number in range(SERIES):
        folder = tmp_path / "in" / f"series{number:02}"
        folder.mkdir(parents=True)
        for place in range(LENGTH):
            (folder / f"{place:03}.dcm").write_bytes(file_of(One(place=place, series=number + 1)))
    (tmp_path / "in" / "deep.dcm").write_bytes(too_deep())
    return tmp_path / "in"


def test_a_killed_worker_changes_no_byte_of_what_comes_out(
    source: Path, tmp_path: Path, secret: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    place, workers = cluster
    report = tmp_path / "report.json"
    words = [str(source), str(tmp_path / "spread"), "--secret-file", str(secret), "--report", str(report)]
    with process("confrere", "deidentify", *words, "--on", f"dask://{place}") as run:
        wait_until(lambda: lines_noted(tmp_path / "spread"), PATIENCE_S, "a batch was noted")
        os.kill(workers[0].pid, signal.SIGKILL)
        done_when_killed = len(noted(tmp_path / "spread"))
        assert run.wait(PATIENCE_S) == 4
    assert done_when_killed < SERIES * LENGTH
    assert main(["deidentify", str(source), str(tmp_path / "serial"), "--secret-file", str(secret), "--jobs", "1"]) == 4
    assert files_below(tmp_path / "spread") == files_below(tmp_path / "serial")
    assert len(files_below(tmp_path / "spread")) == SERIES * LENGTH
    told = json.loads(report.read_text())
    assert told["totals"] == {"files": SERIES * LENGTH + 1, "clean": SERIES * LENGTH, "held": 0, "refused": 1}
    assert noted(tmp_path / "spread") == noted(tmp_path / "serial")


def test_on_a_cluster_too_only_the_file_that_kills_its_workers_is_held(tmp_path: Path) -> None:
    batches = [[Found(f"{batch}/{number}", 1, 1) for number in range(3)] for batch in range(4)]
    with started(tmp_path, nanny=True) as (place, _), workers_at(f"dask://{place}", 1) as workers:
        run = Run(partial(die_on, "2/1"), died, workers, Stop())
        told = sorted(name for _, names in run.results(iter(batches)) for name in names)
    every = [file.path for batch in batches for file in batch if file.path != "2/1"]
    assert told == sorted([*every, "killer 2/1"])
