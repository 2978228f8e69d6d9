"""Where batches are done: in this process, in threads that each have a jailed process, or on a Dask cluster.

All three are a `concurrent.futures.Executor`, chosen by the address; nothing else knows which one it is.
Source: docs/how-to/de-identify-files.md, on many machines.
"""

import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

from confrere.core.terms import Broken
from confrere.server.bulk.walking import MOST_FILES

DASK = "dask://"
WHAT_TO_INSTALL = (
    "dask:// needs the package `distributed`: pip install -r requirements-cluster.lock, here and on every worker"
)
ENOUGH_DEATHS = 3
"""A batch that so many workers died over is taken apart."""

_CONNECT_S = 15
_OTHER_FILES, _PLENTY = 128, 1 << 16
_RECOUNT_S = 10.0


class Here(Executor):
    """Does each call at once, in this process."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call, and return the finished future; nothing is caught but errors."""
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@dataclass(slots=True)
class Workers:
    """Workers that are replaced when they die. `deaths_of` says how many deaths an error stands for, 0 for none.

    `may_have_died` says whether half-written files may lie about; a cluster does lost work again without a word.
    """

    make: Callable[[], Executor]
    width: Callable[[], int]
    deaths_of: Callable[[BaseException], int]
    may_have_died: bool = False
    _executor: Executor | None = None

    def submit(self, call: Callable[..., Any], *args: object) -> Future[Any]:
        """Hand a call to a worker; what has died already is replaced first."""
        if self._executor is None:
            self._executor = self.make()
        try:
            return self._executor.submit(call, *args)
        except BrokenExecutor:
            self.replace()
            return self._executor.submit(call, *args)

    def replace(self) -> None:
        """Let go of an executor that is broken, and make a new one."""
        self.may_have_died = True
        self.close()
        self._executor = self.make()

    def close(self) -> None:
        """End the workers; what is not begun is not done."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


@contextmanager
def workers_at(address: str, jobs: int) -> Iterator[Workers]:
    """The workers at `address` ("" for this machine), let go at the end. Raises Broken where there are none."""
    if not address:
        jobs = min(jobs, _room_for_files())
        workers = Workers(lambda: _local(jobs), lambda: 2 * jobs if jobs > 1 else 1, lambda _error: 0)
        try:
            yield workers
        finally:
            workers.close()
        return
    with _dask(address) as workers:
        yield workers


def _room_for_files() -> int:
    """How many batches may hold their files open at once, once this process may have as many as the system lets it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _PLENTY if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(1, (most - _OTHER_FILES) // (2 * MOST_FILES))


def _local(jobs: int) -> Executor:
    """Threads suffice: each hands its files to a jailed process of its own and waits for it."""
    return Here() if jobs <= 1 else ThreadPoolExecutor(jobs, "batch")


@contextmanager
def _dask(address: str) -> Iterator[Workers]:
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise Broken(WHAT_TO_INSTALL, retryable=False) from None
    try:
        client: Any = cast("Any", Client)(
            "tcp://" + address.removeprefix(DASK), timeout=_CONNECT_S, set_as_default=False
        )
    except (OSError, ValueError):
        raise Broken(f"no Dask scheduler answers at {address}", retryable=True) from None

    def deaths_of(error: BaseException) -> int:
        # The scheduler has given the task to several workers by itself before it says so.
        return ENOUGH_DEATHS if isinstance(error, KilledWorker) else 0

    with client:
        yield Workers(lambda: _DaskExecutor(client.get_executor()), _Width(client), deaths_of, may_have_died=True)


class _DaskExecutor(Executor):
    """Dask's executor, which knows no `cancel_futures` and must not be closed for one lost task."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = self._executor.submit(call, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # its base's
        with suppress(Exception):
            self._executor.shutdown(wait=wait and not cancel_futures)


class _Width:
    """How many batches may be under way: two for each thread of the cluster, counted again as it grows."""

    def __init__(self, client: Any) -> None:
        self._client, self._counted_at, self._width = client, 0.0, 4

    def __call__(self) -> int:
        if time.monotonic() - self._counted_at > _RECOUNT_S:
            self._width = max(4, 2 * sum(self._client.nthreads().values()))
            self._counted_at = time.monotonic()
        return self._width
