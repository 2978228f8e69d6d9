"""The conveyor: the one visible list of stations, and the dispatcher that walks every study along it.

    receive -> quarantine -> de-identify -> verify -> gate -> release -> discuss

Receiving is done by the doors (apps.intake.doors); posting to a room and discussing by members. What lies
between happens here. The rows are the durable truth: each round asks the database what is due, so after a crash
the same question is asked again and the work is handed out again; every unit of work is idempotent.
"""

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import close_old_connections, transaction

from confrere.adapters.clock import now
from confrere.apps.accounts.actions.members import form_audience
from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions.gate import Ask, GateRefused, pass_gate
from confrere.apps.clearance.actions.heads import (
    ask_for_heads,
    forget_strips,
    heads_due,
    keep_head,
    note_head_failure,
)
from confrere.apps.clearance.actions.keep import keep_examined, note_failure
from confrere.apps.clearance.actions.plan import batches_due, intakes_to_settle, take_up_received
from confrere.apps.clearance.actions.settle import settle_intake
from confrere.apps.clearance.actions.shred import end_settled, expire_overdue, shred_ended
from confrere.apps.clearance.examine import Batch, Examined, examine_batch
from confrere.apps.clearance.heads import HeadDone, HeadJob, clear_series
from confrere.apps.clearance.models import ConveyorLease
from confrere.apps.clearance.reads import verified_study
from confrere.apps.intake.actions.receive import close_broken_intake
from confrere.apps.intake.reads import silent_intakes
from confrere.apps.release.actions.issue import expire_releases, issue_release, supersede_releases
from confrere.apps.release.reads import drafts_without_release
from confrere.core.terms import Broken

log = logging.getLogger(__name__)

ACTOR = "conveyor"
LEASE = timedelta(seconds=8)
SILENT_UPLOAD = timedelta(hours=24)
IN_FLIGHT = 4
HEADS_IN_FLIGHT = 1
"""Heads take seconds each and wait for their author to write: they never stand in the way of a study that comes in."""
RETRY_PAUSE_S = 1.0
PATIENCE = 5

Examine = Callable[[Batch], tuple[Examined, ...]]
ClearSeries = Callable[[HeadJob], HeadDone]


@dataclass(slots=True)
class Conveyor:
    """Walks studies along the stations; `make_executor` gives a fresh pool after a worker has died."""

    make_executor: Callable[[], Executor]
    examine: Examine = examine_batch
    clear_series: ClearSeries = clear_series
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)
    executor: Executor | None = None
    resume_at: float = 0.0
    away: int = 0
    in_flight: dict[Future[tuple[Examined, ...]], Batch] = field(default_factory=dict)
    heads_in_flight: dict[Future[HeadDone], HeadJob] = field(default_factory=dict)
    head_executor: Executor | None = None
    turned_away: set[uuid.UUID] = field(default_factory=set)

    # -- the stations, in order; each takes what the one before left in the rows and says how much it did

    def stations(self) -> tuple[tuple[str, Callable[[], int]], ...]:
        """Every station between the doors and the members, in the order a study passes them."""
        return (
            ("close what senders left open", self._close_silent),
            ("take up", lambda: take_up_received(ACTOR)),
            ("de-identify and verify", self._examine),
            ("settle series and studies", self._settle),
            ("gate and release to the author", self._release_to_authors),
            ("clear heads", self._clear_heads),
            ("end what is settled", lambda: end_settled(ACTOR)),
            ("expire what is overdue", lambda: expire_overdue(ACTOR) + expire_releases(ACTOR)),
            ("shred originals", lambda: shred_ended(ACTOR) + forget_strips(ACTOR)),
        )

    def round(self) -> int:
        """Walk every station once; returns how much was done, 0 when nothing is due."""
        return sum(station() for _name, station in self.stations()) + len(self.in_flight) + len(self.heads_in_flight)

    def run(self, stop: threading.Event, beat: Callable[[], None], pause_s: float = 0.25) -> None:
        """Go on until told to stop; only the holder of the lease works."""
        while not stop.is_set():
            close_old_connections()
            done = self._guarded("lease", lambda: int(self._hold_lease()))
            if done is not None:
                beat()
            # A station that fails stops no other: originals are shredded whatever a draft's trouble is.
            worked = [self._guarded(name, station) for name, station in self.stations()] if done else []
            stop.wait(0.05 if any(worked) or self.in_flight else pause_s)
        self._drop_executor()
        self._drop_head_executor()

    def _guarded(self, name: str, station: Callable[[], int]) -> int | None:
        """How much the station did, None when it failed: the worker loop is one of the three borders that catch all."""
        try:
            return station()
        except Exception as fault:
            # The type alone: the message of a database error may quote a value.
            log.error("conveyor station %r failed: %s", name, type(fault).__name__)
            return None

    def run_until_idle(self) -> None:
        """Walk the stations until nothing is due; for the command line and tests.

        Raises Broken when the key box or the store stays away: then something is still due.
        """
        while self.round() or time.monotonic() < self.resume_at:
            if self.away >= PATIENCE:
                self._drop_executor()
                self._drop_head_executor()
                raise Broken("the key box or the store is away", retryable=True)
            threading.Event().wait(0.01)
        self._drop_executor()
        self._drop_head_executor()

    # -- the lease

    def _hold_lease(self) -> bool:
        with transaction.atomic():
            at = now()
            ConveyorLease.objects.get_or_create(id=1, defaults={"expires_at": at})
            lease = ConveyorLease.objects.select_for_update().get(id=1)
            if lease.holder not in ("", self.holder) and lease.expires_at > at:
                return False
            lease.holder, lease.expires_at = self.holder, at + LEASE
            lease.save()
            return True

    # -- the work

    def _close_silent(self) -> int:
        silent = silent_intakes(SILENT_UPLOAD)
        for intake_id in silent:
            close_broken_intake(ACTOR, intake_id)
        return len(silent)

    def _examine(self) -> int:
        done = [future for future in self.in_flight if future.done()]
        for future in done:
            self._collect(future, self.in_flight.pop(future))
        busy = {ref.arrival_id for batch in self.in_flight.values() for ref in batch.arrivals}
        for batch in batches_due():
            if len(self.in_flight) >= IN_FLIGHT or time.monotonic() < self.resume_at:
                break
            if any(ref.arrival_id in busy for ref in batch.arrivals):
                continue
            try:
                future = self._executor().submit(self.examine, batch)
            except BrokenExecutor:
                # A worker died with nothing under way, so no result told of it. What is under way tells it by itself.
                if not self.in_flight:
                    self._drop_executor()
                return len(done) + 1
            self.in_flight[future] = batch
        return len(done)

    def _collect(self, future: Future[tuple[Examined, ...]], batch: Batch) -> None:
        try:
            keep_examined(ACTOR, batch, future.result())
            self.away = 0
        except BrokenExecutor:
            self._drop_executor()
            note_failure(ACTOR, batch, "worker died")
        except Broken as fault:
            if fault.retryable:
                # The key box or the store is away for a moment: that is no fault of the file, so no try is counted.
                self.away += 1
                self.resume_at = time.monotonic() + RETRY_PAUSE_S
            else:
                note_failure(ACTOR, batch, type(fault).__name__)
        except Exception as fault:  # a unit of work may fail in any way, also when it is written down; it is counted
            log.error("batch failed: %s", type(fault).__name__)
            note_failure(ACTOR, batch, type(fault).__name__)

    def _executor(self) -> Executor:
        if self.executor is None:
            self.executor = self.make_executor()
        return self.executor

    def _drop_executor(self) -> None:
        if self.executor is not None:
            _let_go(self.executor)
            self.executor = None

    def _clear_heads(self) -> int:
        """Take the face out of what drafts may hand on; in a pool of its own, so that no new study waits for it."""
        done = [future for future in self.heads_in_flight if future.done()]
        for future in done:
            self._collect_head(future, self.heads_in_flight.pop(future))
        if len(self.heads_in_flight) < HEADS_IN_FLIGHT and time.monotonic() >= self.resume_at:
            busy = {job.look_id for job in self.heads_in_flight.values()}
            for job in heads_due(busy):
                if self.head_executor is None:
                    self.head_executor = self.make_executor()
                try:
                    future = self.head_executor.submit(self.clear_series, job)
                except BrokenExecutor:
                    if not self.heads_in_flight:
                        self._drop_head_executor()
                    return len(done) + 1
                self.heads_in_flight[future] = job
                if len(self.heads_in_flight) >= HEADS_IN_FLIGHT:
                    break
        return len(done)

    def _collect_head(self, future: Future[HeadDone], job: HeadJob) -> None:
        try:
            keep_head(ACTOR, job, future.result())
            self.away = 0
        except BrokenExecutor:
            self._drop_head_executor()
            note_head_failure(ACTOR, job, "worker died")
        except Broken as fault:
            if fault.retryable:
                self.away += 1
                self.resume_at = time.monotonic() + RETRY_PAUSE_S
            else:
                note_head_failure(ACTOR, job, type(fault).__name__)
        except Exception as fault:  # as for a batch: counted, and held the third time
            log.error("looking at a head failed: %s", type(fault).__name__)
            note_head_failure(ACTOR, job, type(fault).__name__)

    def _drop_head_executor(self) -> None:
        if self.head_executor is not None:
            _let_go(self.head_executor)
            self.head_executor = None

    def _settle(self) -> int:
        waiting = intakes_to_settle()
        for intake in waiting:
            settle_intake(ACTOR, intake.id)
        return len(waiting)

    def _release_to_authors(self) -> int:
        """Let each author see their own draft, all of it: a release like any other, to an audience of one.

        A draft the gate turns away (its author's account has ended, say) stops no other; it is asked for again
        when the conveyor next starts.
        """
        drafts = [case_id for case_id in drafts_without_release() if case_id not in self.turned_away]
        for case_id in drafts:
            if not self._release_to_author(Case.objects.select_related("author__institution").get(id=case_id)):
                self.turned_away.add(case_id)
        return len(drafts)

    def _release_to_author(self, case: Case) -> bool:
        with transaction.atomic():
            audience = form_audience(ACTOR, case.author.institution, [case.author])
            study = verified_study(case.id)
            ask = Ask(study, case.author, audience.id, "discuss")
            try:
                release_id = issue_release(ACTOR, pass_gate(ACTOR, ask))
            except GateRefused:
                # Caught inside the transaction: the gate's ledger line is kept.
                log.error("gate refused a draft to its own author: case %s", case.id)
                return False
            supersede_releases(ACTOR, case.id, by=release_id)
            ask_for_heads(ACTOR, study)
            return True


def _let_go(executor: Executor) -> None:
    """End a pool at once: a look takes longer than a stop may, and whatever was cut short is found due again."""
    # Asked before the pool lets go of them; a pool of threads, or one elsewhere, has none.
    workers = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.kill()


def worker_count() -> int:
    """How many worker processes the default pool has: one for each core, at least two."""
    return max(2, os.cpu_count() or 2)
