"""What is due is asked of the rows alone, so the same question after a crash gives the same answer."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from support.sending import send, series

from confrere.apps.clearance.actions import plan
from confrere.apps.clearance.actions.plan import batches_due, intakes_to_settle, take_up_received
from confrere.apps.intake.actions.receive import add_arrival, append_bytes, complete_intake, open_intake
from confrere.apps.intake.models import Arrival, Door, IntakeState

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys")]


def test_a_received_intake_is_taken_up_once(cast: SimpleNamespace) -> None:
    intake = send(cast.alice, series(1))
    assert take_up_received("conveyor") == 1
    assert take_up_received("conveyor") == 0
    intake.refresh_from_db()
    assert intake.state == IntakeState.CLEARING


def test_an_intake_still_receiving_is_left_alone(cast: SimpleNamespace) -> None:
    open_intake(cast.alice, Door.UPLOAD)
    assert take_up_received("conveyor") == 0
    assert list(batches_due()) == []


def test_nothing_is_due_before_an_intake_is_taken_up(cast: SimpleNamespace) -> None:
    send(cast.alice, series(1))
    assert list(batches_due()) == []
    assert intakes_to_settle() == []


def test_the_same_batches_are_due_until_their_arrivals_are_examined(cast: SimpleNamespace) -> None:
    intake = send(cast.alice, series(3))
    take_up_received("conveyor")
    (batch,) = batches_due()
    assert list(batches_due()) == [batch]
    assert (batch.intake_id, batch.institution_id) == (intake.id, cast.here.id)
    assert batch.objects_url == settings.CONFIGURATION.objects
    Arrival.objects.filter(id=batch.arrivals[1].arrival_id).update(is_examined=True)
    (rest,) = batches_due()
    assert rest.arrivals == (batch.arrivals[0], batch.arrivals[2])
    assert intakes_to_settle() == []


def test_many_arrivals_are_shared_out_in_batches_in_the_order_they_came(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "BATCH_ARRIVALS", 2)
    intake = send(cast.alice, series(5))
    take_up_received("conveyor")
    found = list(batches_due())
    assert [len(batch.arrivals) for batch in found] == [2, 2, 1]
    in_order = list(intake.arrivals.order_by("ordinal").values_list("id", flat=True))
    assert [ref.arrival_id for batch in found for ref in batch.arrivals] == in_order


def test_the_oldest_intake_comes_first(cast: SimpleNamespace) -> None:
    first, second = send(cast.alice, series(1)), send(cast.bob, series(1))
    take_up_received("conveyor")
    assert [batch.intake_id for batch in batches_due()] == [first.id, second.id]


def test_an_arrivals_segments_are_named_in_order(cast: SimpleNamespace) -> None:
    intake = open_intake(cast.alice, Door.UPLOAD)
    place = add_arrival(intake, "", 6)
    for offset, piece in ((0, b"ab"), (2, b"cd"), (4, b"ef")):
        append_bytes(place.arrival_id, offset, piece)
    complete_intake("alice", intake.id)
    take_up_received("conveyor")
    (batch,) = batches_due()
    told = list(Arrival.objects.get().segments.order_by("offset").values_list("object_key", flat=True))
    assert list(batch.arrivals[0].segments) == told


def test_an_intake_is_settled_when_everything_in_it_has_been_examined(cast: SimpleNamespace) -> None:
    intake = send(cast.alice, series(2))
    take_up_received("conveyor")
    Arrival.objects.update(is_examined=True)
    assert [one.id for one in intakes_to_settle()] == [intake.id]
    assert list(batches_due()) == []
