"""The conveyor walks every study along one visible list; whatever fails is counted and stops nothing else."""

import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.homes import scratch_home  # noqa: F401  # a fixture
from support.keys import keys, running_keys  # noqa: F401  # fixtures
from support.sending import One, file_of, open_jail, send, series  # noqa: F401  # a fixture among them

from confrere import conveyor
from confrere.adapters.clock import now
from confrere.apps.accounts.actions.members import NewMember, end_membership, enrol_member, found_institution
from confrere.apps.accounts.models import Member
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions import plan
from confrere.apps.clearance.examine import Batch, Examined, examine_batch
from confrere.apps.clearance.models import ConveyorLease, InstanceClearance
from confrere.apps.intake.actions.receive import add_arrival, append_bytes, open_intake
from confrere.apps.intake.models import Arrival, Door, Intake, IntakeState
from confrere.apps.release import window
from confrere.apps.release.models import Release
from confrere.conveyor import LEASE, Conveyor
from confrere.core.terms import Broken, Outcome

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("keys", "open_jail")]


@pytest.fixture
def alice(scratch_home: Path) -> Member:  # noqa: F811  # the fixture
    here = found_institution("test", "Guru Nanak Hospital")
    return enrol_member("test", here, NewMember("alice", "Dr Alice", "x" * 12, registration_number="PMC-1"))


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock the conveyor reads."""

    def move(by: timedelta) -> None:
        def then() -> datetime:
            return now() + by

        monkeypatch.setattr(conveyor, "now", then)

    return move


def thread() -> Executor:
    return ThreadPoolExecutor(1)


def test_every_station_stands_in_the_list_in_the_order_a_study_passes_them() -> None:
    assert [name for name, _ in Conveyor(thread).stations()] == [
        "close what senders left open",
        "take up",
        "de-identify and verify",
        "settle series and studies",
        "gate and release to the author",
        "clear heads",
        "end what is settled",
        "expire what is overdue",
        "shred originals",
    ]


def test_each_station_takes_what_the_one_before_has_left(alice: Member) -> None:
    send(alice, series(1))
    walker = Conveyor(thread)
    told = []
    for name, station in walker.stations():
        done = station()
        if name == "de-identify and verify":
            (future,) = walker.batches.under_way
            future.result()
            station()
        told.append((name, done, Intake.objects.get().state, Release.objects.count()))
    assert told == [
        ("close what senders left open", 0, "received", 0),
        ("take up", 1, "clearing", 0),
        ("de-identify and verify", 0, "clearing", 0),
        ("settle series and studies", 1, "ready", 0),
        ("gate and release to the author", 1, "ready", 1),
        ("clear heads", 0, "ready", 1),
        ("end what is settled", 1, "ended", 1),
        ("expire what is overdue", 0, "ended", 1),
        ("shred originals", 1, "ended", 1),
    ]


def test_nothing_due_is_told_as_nothing_done() -> None:
    assert Conveyor(thread).round() == 0


def test_it_works_until_nothing_is_due(alice: Member) -> None:
    for number in range(3):
        send(alice, series(2, study=800 + number))
    walker = Conveyor(thread)
    walker.run_until_idle()
    assert walker.round() == 0
    assert walker.batches.executor is None
    assert Release.objects.count() == 3
    assert not Intake.objects.exclude(state=IntakeState.ENDED).exists()


def test_a_conveyor_that_starts_anew_finishes_what_the_former_left(alice: Member) -> None:
    send(alice, series(2))
    killed = Conveyor(thread)
    killed.round()
    assert killed.batches.under_way
    Conveyor(thread).run_until_idle()
    assert Release.objects.count() == 1
    assert InstanceClearance.objects.count() == 2
    # The former one wakes up with its old results in hand and changes nothing.
    killed.run_until_idle()
    assert Release.objects.count() == 1
    assert InstanceClearance.objects.count() == 2


def test_a_second_conveyor_does_nothing_while_the_first_holds_the_lease(
    moved_clock: Callable[[timedelta], None],
) -> None:
    first, second = Conveyor(thread, holder="first"), Conveyor(thread, holder="second")
    assert first._hold_lease()
    assert first._hold_lease()
    assert not second._hold_lease()
    moved_clock(LEASE - timedelta(seconds=1))
    assert not second._hold_lease()


def test_a_lease_that_has_run_out_is_taken_over(moved_clock: Callable[[timedelta], None]) -> None:
    first, second = Conveyor(thread, holder="first"), Conveyor(thread, holder="second")
    first._hold_lease()
    moved_clock(LEASE + timedelta(seconds=1))
    assert second._hold_lease()
    assert not first._hold_lease()
    assert ConveyorLease.objects.get().holder == "second"


def test_a_holder_that_goes_on_keeps_the_lease(moved_clock: Callable[[timedelta], None]) -> None:
    first, second = Conveyor(thread, holder="first"), Conveyor(thread, holder="second")
    first._hold_lease()
    moved_clock(LEASE - timedelta(seconds=1))
    first._hold_lease()
    moved_clock(LEASE + timedelta(seconds=3))
    assert not second._hold_lease()


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> Callable[[Conveyor, int], int]:
    """Runs a conveyor's loop for so many beats; returns how many there were."""
    monkeypatch.setattr(conveyor, "close_old_connections", lambda: None)

    def run(walker: Conveyor, count: int) -> int:
        stop, seen = threading.Event(), []

        def beat() -> None:
            seen.append(1)
            if len(seen) >= count:
                stop.set()

        walker.run(stop, beat, pause_s=0.01)
        return len(seen)

    return run


def test_only_the_holder_of_the_lease_works(alice: Member, beats: Callable[[Conveyor, int], int]) -> None:
    Conveyor(thread, holder="another")._hold_lease()
    send(alice, series(1))
    assert beats(Conveyor(thread), 5) == 5
    assert Intake.objects.get().state == IntakeState.RECEIVED


def test_a_round_that_fails_is_told_without_its_message_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(conveyor, "close_old_connections", lambda: None)
    stop, rounds = threading.Event(), []

    def fail(_self: Conveyor) -> int:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        raise ValueError("Zaveriwal^Quirina")

    monkeypatch.setattr(Conveyor, "_settle", fail)
    Conveyor(thread).run(stop, lambda: None, pause_s=0.01)
    assert len(rounds) == 3
    assert "ValueError" in caplog.text
    assert "Zaveriwal" not in caplog.text


def test_a_poison_file_is_held_after_three_tries_and_the_others_go_on(
    alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "BATCH_ARRIVALS", 1)
    poisoned = send(alice, [*series(2), file_of(One(study=700)), *series(2, study=800)])
    poison = poisoned.arrivals.order_by("ordinal")[2].id
    tries: list[int] = []

    def examine(batch: Batch) -> tuple[Examined, ...]:
        if batch.arrivals[0].arrival_id == poison:
            tries.append(1)
            raise ZeroDivisionError
        return examine_batch(batch)

    Conveyor(thread, examine).run_until_idle()
    assert len(tries) == plan.MAX_ATTEMPTS
    held = InstanceClearance.objects.get(outcome=Outcome.HELD)
    assert (held.arrival_id, held.reason_code) == (poison, "clearance-failed")
    assert InstanceClearance.objects.filter(outcome=Outcome.CLEAN).count() == 4
    assert Case.objects.count() == 2
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.reason_code) == (IntakeState.READY, "clearance-failed")


def test_a_result_that_cannot_be_written_down_is_counted_like_any_failure(
    alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, calls = conveyor.keep_examined, []

    def cannot(*told: object) -> None:
        calls.append(1)
        raise ValueError("a text PostgreSQL cannot hold")

    monkeypatch.setattr(conveyor, "keep_examined", cannot)
    intake = send(alice, series(1))
    Conveyor(thread).run_until_idle()
    assert keep is not cannot
    intake.refresh_from_db()
    assert len(calls) == plan.MAX_ATTEMPTS
    assert (intake.state, intake.reason_code) == (IntakeState.HELD, "clearance-failed")


def test_a_store_that_is_away_for_a_moment_is_no_fault_of_the_file(
    alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conveyor, "RETRY_PAUSE_S", 0.01)
    intake = send(alice, series(1))
    tries: list[int] = []

    def examine(batch: Batch) -> tuple[Examined, ...]:
        tries.append(1)
        if len(tries) < conveyor.PATIENCE:
            raise Broken("key box: no answer", retryable=True)
        return examine_batch(batch)

    Conveyor(thread, examine).run_until_idle()
    intake.refresh_from_db()
    assert (intake.state, len(tries), intake.attempts) == (IntakeState.ENDED, conveyor.PATIENCE, 0)


def test_a_store_that_stays_away_is_told_and_nothing_is_judged(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(batch: Batch) -> tuple[Examined, ...]:
        raise Broken("key box: no answer", retryable=True)

    monkeypatch.setattr(conveyor, "RETRY_PAUSE_S", 0.01)
    intake = send(alice, series(1))
    with pytest.raises(Broken, match="away"):
        Conveyor(thread, examine).run_until_idle()
    intake.refresh_from_db()
    assert (intake.state, intake.attempts) == (IntakeState.CLEARING, 0)
    assert not InstanceClearance.objects.exists()


def test_damage_that_will_not_mend_is_counted(alice: Member) -> None:
    def examine(batch: Batch) -> tuple[Examined, ...]:
        raise Broken("quarantine: damaged", retryable=False)

    intake = send(alice, series(1))
    Conveyor(thread, examine).run_until_idle()
    intake.refresh_from_db()
    assert (intake.state, intake.reason_code, intake.attempts) == (IntakeState.HELD, "clearance-failed", 3)


class DeadPool(ThreadPoolExecutor):
    """A pool whose worker has just died."""

    def submit(self, *_told: object, **_more: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("a worker died"))
        return future


def test_after_a_worker_has_died_the_work_goes_to_a_fresh_pool(alice: Member) -> None:
    assert issubclass(BrokenProcessPool, BrokenExecutor)
    pools: list[Executor] = [DeadPool(1), ThreadPoolExecutor(1)]
    intake = send(alice, series(1))
    Conveyor(lambda: pools.pop(0)).run_until_idle()
    intake.refresh_from_db()
    assert (intake.state, intake.attempts, pools) == (IntakeState.ENDED, 1, [])


class BrokenPool(ThreadPoolExecutor):
    """A pool whose worker died while nothing was under way: it says so when it is given work."""

    def submit(self, *_args: object, **_options: object) -> Future[tuple[Examined, ...]]:  # type: ignore[override]
        raise BrokenProcessPool("a worker died")


def test_a_worker_that_dies_with_nothing_under_way_stops_nothing(alice: Member) -> None:
    send(alice, series(2))
    pools: list[Executor] = [BrokenPool(1), ThreadPoolExecutor(1)]
    walker = Conveyor(lambda: pools.pop(0))
    walker.run_until_idle()
    assert pools == []
    assert set(InstanceClearance.objects.values_list("outcome", flat=True)) == {Outcome.CLEAN}
    assert Intake.objects.get().attempts == 0


def test_an_arrival_is_never_worked_on_twice_at_once(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BATCH_ARRIVALS", 1)
    send(alice, series(6))
    seen: list[object] = []
    gate = threading.Event()

    def examine(batch: Batch) -> tuple[Examined, ...]:
        seen.extend(ref.arrival_id for ref in batch.arrivals)
        gate.wait(5)
        return examine_batch(batch)

    walker = Conveyor(lambda: ThreadPoolExecutor(8), examine)
    for _ in range(4):
        walker.round()
    assert len(walker.batches.under_way) == conveyor.IN_FLIGHT
    gate.set()
    walker.run_until_idle()
    assert len(seen) == len(set(seen)) == 6


def test_an_upload_left_open_for_a_day_goes_on_with_what_came_whole(alice: Member) -> None:
    intake = open_intake(alice, Door.UPLOAD)
    content = file_of(One())
    append_bytes(add_arrival(intake, "dcm", len(content)).arrival_id, 0, content)
    append_bytes(add_arrival(intake, "dcm", 99).arrival_id, 0, b"half")
    Conveyor(thread).run_until_idle()
    intake.refresh_from_db()
    assert intake.state == IntakeState.RECEIVING
    Intake.objects.update(touched_at=now() - conveyor.SILENT_UPLOAD - timedelta(minutes=1))
    Conveyor(thread).run_until_idle()
    intake.refresh_from_db()
    assert intake.state == IntakeState.ENDED
    assert Arrival.objects.count() == 1
    assert Case.objects.get().image_count == 1


def test_a_draft_the_gate_turns_away_stops_no_other_and_nothing_after_it(alice: Member) -> None:
    gone = enrol_member("test", alice.institution, NewMember("gone", "Dr Gone", "x" * 12, registration_number="PMC-2"))
    send(gone, series(1))
    send(alice, series(1, study=800))
    end_membership("test", gone.id)
    Conveyor(thread).run_until_idle()
    (release,) = Release.objects.all()
    assert release.case.author_id == alice.id
    assert not Intake.objects.filter(shredded_at=None).exists()
    assert not window.case_instances(gone.id, Case.objects.get(author=gone).id)
    assert LedgerEntry.objects.filter(event="gate.refused", subject=str(Case.objects.get(author=gone).id)).count() == 1


def test_a_station_that_fails_stops_no_other_and_the_process_beats_on(
    alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_told: object) -> int:
        raise ZeroDivisionError

    send(alice, series(1))
    monkeypatch.setattr(conveyor, "close_old_connections", lambda: None)
    monkeypatch.setattr(conveyor, "expire_overdue", fault)
    stop, beats = threading.Event(), []

    def beat() -> None:
        beats.append(1)
        if not Intake.objects.filter(shredded_at=None).exists() or len(beats) > 400:
            stop.set()

    Conveyor(thread).run(stop, beat, pause_s=0.01)
    assert Intake.objects.get().shredded_at is not None
