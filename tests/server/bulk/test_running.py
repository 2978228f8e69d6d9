"""No batch is lost when a worker dies, and only the file that kills is held."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from support.bulk_work import die_at_once, die_on, die_once, died, fail, names_of
from support.mortals import mortal_workers

from confrere.core.terms import Broken
from confrere.server.bulk.executors import Workers, workers_at
from confrere.server.bulk.running import Run, Stop
from confrere.server.bulk.walking import Found


def batches(count: int, size: int = 3) -> Iterator[list[Found]]:
    for batch in range(count):
        yield [Found(f"{batch}/{number}", 1, 1) for number in range(size)]


def told(call: Callable[[list[str]], list[str]], count: int, jobs: int = 2) -> list[str]:
    with workers_at("", jobs) as workers:
        return results_of(call, count, workers)


def told_by_mortals(call: Callable[[list[str]], list[str]], count: int) -> list[str]:
    """The same by workers that can die."""
    with mortal_workers() as workers:
        return results_of(call, count, workers)


def results_of(call: Callable[[list[str]], list[str]], count: int, workers: Workers) -> list[str]:
    run = Run(call, died, workers, Stop())
    return sorted(name for _, names in run.results(batches(count)) for name in names)


EVERY = sorted(file.path for batch in batches(5) for file in batch)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_file_of_every_batch_is_done_once(jobs: int) -> None:
    assert told(names_of, 5, jobs) == EVERY


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    assert told_by_mortals(partial(die_once, tmp_path), 5) == EVERY


def test_of_a_batch_that_kills_every_worker_only_the_killer_is_held() -> None:
    expected = sorted([*(name for name in EVERY if name != "2/1"), "killer 2/1"])
    assert told_by_mortals(partial(die_on, "2/1"), 5) == expected


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_that_is_no_death_stops_the_run_and_quotes_nothing(jobs: int) -> None:
    with pytest.raises(Broken) as stop:
        told(fail, 5, jobs)
    assert "ValueError" in str(stop.value)
    assert "0/0" not in str(stop.value)


def test_no_more_batches_are_taken_than_the_workers_can_soon_do() -> None:
    taken = 0

    def counted() -> Iterator[list[Found]]:
        nonlocal taken
        for batch in batches(100):
            taken += 1
            yield batch

    with workers_at("", 2) as workers:
        results = Run(names_of, died, workers, Stop()).results(counted())
        next(results)
        assert taken <= 4 + 1
        results.close()


def test_a_run_that_is_stopped_ends_what_is_under_way_and_begins_nothing() -> None:
    stop = Stop()
    with workers_at("", 1) as workers:
        results = Run(names_of, died, workers, stop).results(batches(100))
        first = [next(results), next(results)]
        stop.wanted = True
        assert len([*first, *results]) <= 3


@pytest.mark.parametrize("count", [1, 40])
def test_workers_that_cannot_even_begin_stop_the_run_and_blame_no_file(count: int) -> None:
    def stillborn() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=die_at_once)

    workers = Workers(stillborn, lambda: 4, lambda error: int(isinstance(error, BrokenExecutor)))
    with pytest.raises(Broken, match="before they begin"):
        list(Run(names_of, died, workers, Stop()).results(batches(count)))
    workers.close()
