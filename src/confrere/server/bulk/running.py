"""Run batches on workers, a bounded number at a time, and lose none when a worker dies.

A batch whose worker died is done again, which is safe: the same bytes go to the same names. Over a batch that
several workers died, no guess is made which file it was: its files are tried one by one with nothing else under
way, and only the file that kills a worker then is held.
Source: docs/how-to/de-identify-files.md, on many machines.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from confrere.core.terms import Broken
from confrere.server.bulk.executors import ENOUGH_DEATHS, Workers
from confrere.server.bulk.walking import Found

T = TypeVar("T")
_LOOK_UP_S = 0.5


@dataclass(slots=True)
class Stop:
    """Set when a person wants the run to end."""

    wanted: bool = False


@dataclass(slots=True)
class _Batch:
    files: list[Found]
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class _Deaths:
    count: int


@dataclass(slots=True)
class Run(Generic[T]):
    """One run over a tree. `call` does a batch of paths; `killed` says how a file ended that kills its workers."""

    call: Callable[[list[str]], T]
    killed: Callable[[str], T]
    workers: Workers
    stop: Stop
    _under_way: dict[Future[T], _Batch] = field(default_factory=dict)
    _again: deque[_Batch] = field(default_factory=deque)
    _suspect: list[Found] = field(default_factory=list)
    _in_vain: int = 0

    def results(self, batches: Iterator[list[Found]]) -> Iterator[tuple[list[Found], T]]:
        """Every batch with how it ended, in the order in which they end.

        Raises Broken when a worker fails in a way that no death explains, or when workers die without any work.
        """
        while self._fill(batches):
            finished, _ = wait(self._under_way, timeout=_LOOK_UP_S, return_when=FIRST_COMPLETED)
            for future in finished:
                yield from self._take(future)
        for file in self._suspect:
            if self.stop.wanted:
                return
            yield [file], self._alone(file)

    def _fill(self, batches: Iterator[list[Found]]) -> bool:
        """Keep the workers busy; returns whether anything is under way."""
        if self.stop.wanted:
            for future in list(self._under_way):
                if future.cancel():
                    del self._under_way[future]
            return bool(self._under_way)
        if self._in_vain >= ENOUGH_DEATHS * self.workers.width():
            if self._under_way:
                return True
            self._check_workers()
        while not self.stop.wanted and len(self._under_way) < self.workers.width():
            batch = self._again.popleft() if self._again else None
            if batch is None:
                files = next(batches, None)
                if files is None:
                    break
                batch = _Batch(files)
            self._under_way[self._submit(batch.files)] = batch
        return bool(self._under_way)

    def _submit(self, files: list[Found]) -> Future[T]:
        return self.workers.submit(self.call, [file.path for file in files])

    def _take(self, future: Future[T]) -> Iterator[tuple[list[Found], T]]:
        batch = self._under_way.pop(future)
        done = self._result(future)
        self._in_vain = self._in_vain + 1 if isinstance(done, _Deaths) else 0
        if not isinstance(done, _Deaths):
            yield batch.files, done
        elif batch.deaths + done.count >= ENOUGH_DEATHS:
            self._suspect += batch.files
        else:
            self._again.append(_Batch(batch.files, batch.deaths + done.count))

    def _result(self, future: Future[T]) -> T | _Deaths:
        """What the batch gave, or how many workers it cost."""
        try:
            return future.result()
        except CancelledError:
            raise Broken("the workers went away", retryable=True) from None
        except Exception as error:
            deaths = self.workers.deaths_of(error)
            if not deaths:
                # from None: an error of a worker could quote what it reads.
                raise Broken(f"a worker failed: {type(error).__name__}", retryable=True) from None
            return _Deaths(deaths)

    def _alone(self, file: Found) -> T:
        deaths = 0
        while deaths < ENOUGH_DEATHS:
            done = self._result(self._submit([file]))
            if not isinstance(done, _Deaths):
                return done
            deaths += done.count
        self._check_workers()
        return self.killed(file.path)

    def _check_workers(self) -> None:
        """Raises Broken when workers die of a call that does nothing: then no file is to blame."""
        self._in_vain = 0
        if isinstance(self._result(self.workers.submit(os.getpid)), _Deaths):
            raise Broken("the workers die before they begin", retryable=True)
