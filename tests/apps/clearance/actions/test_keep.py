"""What a batch found is written down once, however often the work is repeated."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from support.sending import send, series

from confrere.apps.audit.models import LedgerEntry
from confrere.apps.clearance.actions.keep import keep_examined, note_failure
from confrere.apps.clearance.actions.plan import MAX_ATTEMPTS, batches_due, take_up_received
from confrere.apps.clearance.examine import Batch, Examined, examine_batch
from confrere.apps.clearance.models import DeidentificationRecord, InstanceClearance
from confrere.apps.intake.models import Arrival, Intake, IntakeState
from confrere.core.terms import Outcome

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys", "open_jail")]


@pytest.fixture
def batch(cast: SimpleNamespace) -> Batch:
    send(cast.alice, series(3))
    take_up_received("conveyor")
    return next(batches_due())


def rows() -> list[dict[str, object]]:
    return list(InstanceClearance.objects.order_by("id").values())


def test_every_instance_gets_its_row_and_its_arrival_is_examined(batch: Batch) -> None:
    keep_examined("conveyor", batch, examine_batch(batch))
    assert InstanceClearance.objects.filter(outcome=Outcome.CLEAN, reason_code="ok").count() == 3
    assert not Arrival.objects.filter(is_examined=False).exists()
    line = LedgerEntry.objects.get(event="batch.examined")
    assert (line.subject, line.detail) == (str(batch.intake_id), {"instances": 3, "clean": 3})


def test_instances_of_a_series_share_their_record(batch: Batch) -> None:
    keep_examined("conveyor", batch, examine_batch(batch))
    assert DeidentificationRecord.objects.count() == 1
    assert {row.record_id for row in InstanceClearance.objects.all()} == set(
        DeidentificationRecord.objects.values_list("digest", flat=True)
    )


def test_examining_twice_finds_the_same(batch: Batch) -> None:
    assert examine_batch(batch) == examine_batch(batch)


def test_keeping_twice_leaves_the_rows_as_they_were(batch: Batch) -> None:
    found = examine_batch(batch)
    keep_examined("conveyor", batch, found)
    before = rows()
    keep_examined("conveyor", batch, found)
    keep_examined("conveyor", batch, examine_batch(batch))
    assert rows() == before


def test_a_result_that_comes_late_changes_nothing(batch: Batch) -> None:
    found = examine_batch(batch)
    Intake.objects.update(state=IntakeState.HELD)
    keep_examined("conveyor", batch, found)
    assert rows() == []


def test_a_row_holds_no_value_of_the_original(batch: Batch) -> None:
    keep_examined("conveyor", batch, examine_batch(batch))
    told = repr(rows())
    assert "Zaveriwal" not in told
    assert "UHIDQX77123" not in told
    assert "19630227" not in told
    assert "20240311" not in told


def test_a_failure_is_counted_and_the_third_holds_the_batch(batch: Batch) -> None:
    for attempt in range(1, MAX_ATTEMPTS):
        note_failure("conveyor", batch, "ValueError")
        assert Intake.objects.get().attempts == attempt
        assert rows() == []
    note_failure("conveyor", batch, "ValueError")
    assert set(InstanceClearance.objects.values_list("outcome", "reason_code")) == {("held", "clearance-failed")}
    assert not Arrival.objects.filter(is_examined=False).exists()
    faults = LedgerEntry.objects.filter(event="batch.failed").order_by("sequence").values_list("detail", flat=True)
    assert list(faults) == [{"attempt": n, "fault": "ValueError"} for n in range(1, MAX_ATTEMPTS + 1)]


def test_a_failure_after_the_end_is_not_counted(batch: Batch) -> None:
    Intake.objects.update(state=IntakeState.REFUSED)
    note_failure("conveyor", batch, "ValueError")
    assert Intake.objects.get().attempts == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda batch: Examined(uuid.uuid4(), 0, Outcome.CLEAN, "ok"),
        lambda batch: Examined(batch.arrivals[0].arrival_id, 0, Outcome.CLEAN, "ok", {"study": "x"}),
    ],
    ids=["of another intake", "twice the same place"],
)
def test_what_a_worker_says_of_other_arrivals_is_not_kept(batch: Batch, spoil: Callable[[Batch], Examined]) -> None:
    found = examine_batch(batch)
    keep_examined("conveyor", batch, found)
    keep_examined("conveyor", batch, (*found, spoil(batch)))
    assert InstanceClearance.objects.count() == 3
