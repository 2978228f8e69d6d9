"""Taking in bytes: a row and a sealed object for everything acknowledged, and never more than was promised."""

import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction

from confrere.adapters.keybox import KeyBox
from confrere.adapters.quarantine import Quarantine
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.intake.actions import receive
from confrere.apps.intake.actions.receive import (
    MAX_ARRIVAL_BYTES,
    add_arrival,
    append_bytes,
    close_broken_intake,
    complete_intake,
    open_intake,
    receive_whole,
)
from confrere.apps.intake.models import Arrival, Door, Intake, IntakeState, Segment
from confrere.apps.intake.quarantine import quarantine
from confrere.core.lifecycle import IllegalMove
from confrere.core.terms import Broken, Refused

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys")]


@pytest.fixture
def intake(cast: SimpleNamespace, keys: KeyBox) -> Intake:
    return open_intake(cast.alice, Door.UPLOAD)


def original(arrival_id: uuid.UUID, keys: KeyBox) -> bytes:
    """What clearance will read."""
    arrival = Arrival.objects.get(id=arrival_id)
    private = keys.private_key(str(arrival.intake_id))
    parts = [quarantine().read(part.object_key, str(arrival.intake_id), private) for part in arrival.segments.all()]
    return b"".join(parts)


def events(subject: object) -> list[str]:
    return list(LedgerEntry.objects.filter(subject=str(subject)).order_by("sequence").values_list("event", flat=True))


def test_an_intake_is_opened_with_a_key_of_its_own_and_a_ledger_line(intake: Intake, keys: KeyBox) -> None:
    assert intake.state == IntakeState.RECEIVING
    assert len(bytes(intake.public_key)) == 32
    assert bytes(intake.public_key) == keys.create(str(intake.id))
    assert events(intake.id) == ["intake.opened"]


def test_bytes_come_in_segments_and_are_read_back_in_order(intake: Intake, keys: KeyBox) -> None:
    place = add_arrival(intake, "dcm", 9)
    for offset, piece in ((0, b"abc"), (3, b"defg"), (7, b"hi")):
        assert not place.is_complete
        place = append_bytes(place.arrival_id, offset, piece)
    assert place.is_complete
    assert original(place.arrival_id, keys) == b"abcdefghi"
    assert events(place.arrival_id) == ["arrival.announced", "arrival.completed"]


def test_nothing_of_what_arrived_lies_readable_on_disk(intake: Intake, scratch_home: Path) -> None:
    place = add_arrival(intake, "dcm", 12)
    append_bytes(place.arrival_id, 0, b"ZAVERIWAL^QX")
    files = [path for path in scratch_home.rglob("*") if path.is_file() and not path.is_socket()]
    assert any("quarantine" in str(path) for path in files)
    assert not [path for path in files if b"ZAVERIWAL" in path.read_bytes()]


@pytest.mark.usefixtures("door_token")
def test_a_door_can_write_but_not_read(cast: SimpleNamespace) -> None:
    intake = open_intake(cast.alice, Door.UPLOAD)
    receive_whole(intake, b"abc")
    with pytest.raises(Broken, match="may not ask"):
        receive.keybox().private_key(str(intake.id))
    with pytest.raises(Broken, match="may not ask"):
        receive.keybox().institution_secret(str(intake.institution_id))
    with pytest.raises(Broken, match="may not ask"):
        receive.keybox().destroy(str(intake.id))


@pytest.mark.parametrize("offset", [0, 2, 4])
def test_bytes_that_do_not_follow_on_are_refused_and_change_nothing(intake: Intake, keys: KeyBox, offset: int) -> None:
    place = add_arrival(intake, "", 9)
    append_bytes(place.arrival_id, 0, b"abc")
    with pytest.raises(Refused, match="upload-mismatch"):
        append_bytes(place.arrival_id, offset, b"xyz")
    assert original(place.arrival_id, keys) == b"abc"


def test_more_than_was_promised_is_refused(intake: Intake) -> None:
    place = add_arrival(intake, "", 4)
    with pytest.raises(Refused, match="too-large"):
        append_bytes(place.arrival_id, 0, b"abcde")
    assert Arrival.objects.get(id=place.arrival_id).received_size == 0


def test_an_arrival_that_is_complete_takes_nothing_more(intake: Intake) -> None:
    place = append_bytes(add_arrival(intake, "", 3).arrival_id, 0, b"abc")
    with pytest.raises(Refused, match="upload-mismatch"):
        append_bytes(place.arrival_id, 3, b"")


def test_a_promise_beyond_the_limit_is_refused(intake: Intake) -> None:
    for size in (-1, MAX_ARRIVAL_BYTES + 1, 1 << 63):
        with pytest.raises(Refused, match="too-large"):
            add_arrival(intake, "", size)
    assert not Arrival.objects.exists()


def test_an_intake_takes_only_so_many_files(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "MAX_ARRIVALS", 2)
    add_arrival(intake)
    add_arrival(intake)
    with pytest.raises(Refused, match="too-many-files"):
        add_arrival(intake)


def test_completing_twice_changes_nothing_the_second_time(intake: Intake) -> None:
    receive_whole(intake, b"abc")
    assert complete_intake("alice", intake.id) == IntakeState.RECEIVED
    assert complete_intake("alice", intake.id) == IntakeState.RECEIVED
    assert events(intake.id) == ["intake.opened", "intake.received"]


def test_an_intake_with_half_an_arrival_cannot_be_completed(intake: Intake) -> None:
    receive_whole(intake, b"abc")
    append_bytes(add_arrival(intake, "", 9).arrival_id, 0, b"abc")
    with pytest.raises(Refused, match="truncated"):
        complete_intake("alice", intake.id)
    intake.refresh_from_db()
    assert intake.state == IntakeState.RECEIVING


def test_an_intake_in_which_nothing_came_is_abandoned(intake: Intake) -> None:
    assert complete_intake("alice", intake.id) == IntakeState.ABANDONED


def test_of_a_broken_intake_only_whole_arrivals_go_on(intake: Intake, keys: KeyBox) -> None:
    whole = receive_whole(intake, b"whole")
    append_bytes(add_arrival(intake, "", 9).arrival_id, 0, b"half")
    assert close_broken_intake("door", intake.id) == IntakeState.RECEIVED
    assert list(intake.arrivals.values_list("id", flat=True)) == [whole.arrival_id]
    assert original(whole.arrival_id, keys) == b"whole"
    assert events(intake.id)[-2:] == ["intake.received", "arrival.dropped"]


def test_a_broken_intake_with_half_arrivals_alone_is_abandoned(intake: Intake) -> None:
    append_bytes(add_arrival(intake, "", 9).arrival_id, 0, b"half")
    assert close_broken_intake("door", intake.id) == IntakeState.ABANDONED
    assert close_broken_intake("door", intake.id) == IntakeState.ABANDONED


def test_an_intake_that_is_closed_receives_nothing_more(intake: Intake) -> None:
    half = add_arrival(intake, "", 9)
    receive_whole(intake, b"abc")
    close_broken_intake("door", intake.id)
    with pytest.raises(Refused, match="timeout"):
        add_arrival(intake)
    with pytest.raises(Refused, match="timeout"):
        receive_whole(intake, b"late")
    with pytest.raises(Arrival.DoesNotExist):
        append_bytes(half.arrival_id, 0, b"late")
    assert intake.arrivals.count() == 1


def test_bytes_that_race_with_the_closing_are_refused(intake: Intake) -> None:
    place = add_arrival(intake, "", 9)
    Intake.objects.filter(id=intake.id).update(state=IntakeState.RECEIVED)
    with pytest.raises(Refused, match="upload-mismatch"):
        append_bytes(place.arrival_id, 0, b"abc")
    assert not Segment.objects.exists()


def test_nothing_is_acknowledged_when_the_object_could_not_be_kept(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_told: object) -> str:
        raise Broken("object store is full", retryable=True)

    place = add_arrival(intake, "", 3)
    monkeypatch.setattr(Quarantine, "put", full)
    with pytest.raises(Broken):
        append_bytes(place.arrival_id, 0, b"abc")
    with pytest.raises(Broken):
        receive_whole(intake, b"abc")
    assert not Segment.objects.exists()
    assert list(intake.arrivals.values_list("received_size", flat=True)) == [0]


def test_the_object_is_kept_before_the_row_is_written(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    put, create = Quarantine.put, Segment.objects.create
    monkeypatch.setattr(Quarantine, "put", lambda *told: (order.append("object"), put(*told))[1])
    monkeypatch.setattr(Segment.objects, "create", lambda **told: (order.append("row"), create(**told))[1])
    append_bytes(add_arrival(intake, "", 3).arrival_id, 0, b"abc")
    receive_whole(intake, b"abc")
    assert order == ["object", "row"] * 2


def test_an_intake_moves_only_as_its_table_says(intake: Intake) -> None:
    from confrere.apps.intake.actions.moves import move_intake

    with pytest.raises(IllegalMove), transaction.atomic():
        move_intake(intake, "clear", "test")
    intake.refresh_from_db()
    assert intake.state == IntakeState.RECEIVING
