"""Workers that can die under their work, as those of a cluster can: processes, which a test may kill."""

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from confrere.server.bulk.executors import Workers


@contextmanager
def mortal_workers(_address: str = "", _jobs: int = 2) -> Iterator[Workers]:
    """In place of `workers_at`."""
    workers = Workers(_pool, lambda: 4, lambda error: int(isinstance(error, BrokenExecutor)))
    try:
        yield workers
    finally:
        workers.close()


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))
