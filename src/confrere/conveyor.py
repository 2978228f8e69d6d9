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
from typing import Generic, TypeVar

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


Work = TypeVar("Work")
Done = TypeVar("Done")


@dataclass(slots=True)
class Pool(Generic[Work, Done]):
    """What is under way in one executor; an executor whose worker has died is let go, and made anew for new work."""

    make_executor: Callable[[], Executor]
    call: Callable[[Work], Done]
    most: int
    under_way: dict[Future[Done], Work] = field(default_factory=dict)
    executor: Executor | None = None

    def is_full(self) -> bool:
        """Whether as much is under way as may be."""
        return len(self.under_way) >= self.most

    def finished(self) -> list[tuple[Future[Done], Work]]:
        """What has ended, which is under way no more."""
        return [(future, self.under_way.pop(future)) for future in list(self.under_way) if future.done()]

    def give(self, work: Work) -> bool:
        """Put `work` under way; False when a worker had died in between: then it is due again in the next round."""
        if self.executor is None:
            self.executor = self.make_executor()
        try:
            future = self.executor.submit(self.call, work)
        except BrokenExecutor:
            # It died with nothing under way, so no result told of it. What is under way tells it by itself.
            if not self.under_way:
                self.drop()
            return False
        self.under_way[future] = work
        return True

    def drop(self) -> None:
        """End the executor at once: a look takes longer than a stop may, and what was cut short is found due again."""
        if self.executor is not None:
            # Asked before the executor lets go of them; one of threads, or one elsewhere, has none.
            workers = list((getattr(self.executor, "_processes", None) or {}).values())
            self.executor.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.kill()
            self.executor = None


@dataclass(slots=True)
class Conveyor:
    """Walks studies along the stations; `make_executor` gives a fresh pool after a worker has died."""

    make_executor: Callable[[], Executor]
    examine: Examine = examine_batch
    clear_series: ClearSeries = clear_series
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)
    resume_at: float = 0.0
    away: int = 0
    turned_away: set[uuid.UUID] = field(default_factory=set)
    batches: Pool[Batch, tuple[Examined, ...]] = field(init=False)
    heads: Pool[HeadJob, HeadDone] = field(init=False)

    def __post_init__(self) -> None:
        """Heads have a pool of their own, so that no new study waits for one."""
        self.batches = Pool(self.make_executor, self.examine, IN_FLIGHT)
        self.heads = Pool(self.make_executor, self.clear_series, HEADS_IN_FLIGHT)

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
        return (
            sum(station() for _name, station in self.stations())
            + len(self.batches.under_way)
            + len(self.heads.under_way)
        )

    def run(self, stop: threading.Event, beat: Callable[[], None], pause_s: float = 0.25) -> None:
        """Go on until told to stop; only the holder of the lease works."""
        while not stop.is_set():
            close_old_connections()
            done = self._guarded("lease", lambda: int(self._hold_lease()))
            if done is not None:
                beat()
            # A station that fails stops no other: originals are shredded whatever a draft's trouble is.
            worked = [self._guarded(name, station) for name, station in self.stations()] if done else []
            stop.wait(0.05 if any(worked) or self.batches.under_way else pause_s)
        self._let_go()

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
                self._let_go()
                raise Broken("the key box or the store is away", retryable=True)
            threading.Event().wait(0.01)
        self._let_go()

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
        done = self._collect(self.batches, keep_examined, note_failure)
        busy = {ref.arrival_id for batch in self.batches.under_way.values() for ref in batch.arrivals}
        for batch in batches_due():
            if self.batches.is_full() or time.monotonic() < self.resume_at:
                break
            if not any(ref.arrival_id in busy for ref in batch.arrivals) and not self.batches.give(batch):
                return done + 1
        return done

    def _clear_heads(self) -> int:
        """Take the face out of what drafts may hand on."""
        done = self._collect(self.heads, keep_head, note_head_failure)
        if self.heads.is_full() or time.monotonic() < self.resume_at:
            return done
        for job in heads_due({job.look_id for job in self.heads.under_way.values()}):
            if not self.heads.give(job):
                return done + 1
            if self.heads.is_full():
                break
        return done

    def _collect(
        self, pool: Pool[Work, Done], keep: Callable[[str, Work, Done], None], note: Callable[[str, Work, str], None]
    ) -> int:
        """Write down what a pool has finished, or that it failed, which holds the work the third time; how much."""
        finished = pool.finished()
        for future, work in finished:
            try:
                keep(ACTOR, work, future.result())
                self.away = 0
            except BrokenExecutor:
                pool.drop()
                note(ACTOR, work, "worker died")
            except Broken as fault:
                if fault.retryable:
                    # The key box or the store is away for a moment: that is no fault of the file, so no try is counted.
                    self.away += 1
                    self.resume_at = time.monotonic() + RETRY_PAUSE_S
                else:
                    note(ACTOR, work, type(fault).__name__)
            except Exception as fault:  # a unit of work may fail in any way, also when it is written down
                log.error("a unit of work failed: %s", type(fault).__name__)
                note(ACTOR, work, type(fault).__name__)
        return len(finished)

    def _let_go(self) -> None:
        self.batches.drop()
        self.heads.drop()

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


def worker_count() -> int:
    """How many worker processes the default pool has: one for each core, at least two."""
    return max(2, os.cpu_count() or 2)
