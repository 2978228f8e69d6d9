"""The DICOM node's door: one association, one intake, and success is said only for what is kept."""

from types import SimpleNamespace

import pytest

from confrere.adapters.keybox import KeyBox
from confrere.adapters.quarantine import Quarantine
from confrere.apps.accounts.actions.members import end_membership
from confrere.apps.intake.actions.peers import allow_peer, forbid_peer
from confrere.apps.intake.actions.receive import add_arrival, append_bytes, open_intake
from confrere.apps.intake.doors.dicom_node import (
    NOT_AUTHORISED,
    SUCCESS,
    IntakeSink,
    allowed_peers,
    close_left_open,
)
from confrere.apps.intake.models import Arrival, Door, Intake, IntakeState
from confrere.core.terms import Broken

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("door_token", "one_connection")]


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own connection holds its rollback, so the door may not close it."""
    monkeypatch.setattr("confrere.apps.intake.doors.dicom_node.close_old_connections", lambda: None)


@pytest.fixture
def peer(cast: SimpleNamespace) -> str:
    allow_peer("test", cast.alice, "WS_ONE", ["127.0.0.0/8"])
    return "WS_ONE"


def test_nothing_is_opened_before_the_first_instance(peer: str, keys: KeyBox) -> None:
    association = IntakeSink().opened(peer, "127.0.0.1")
    association.released()
    association.aborted()
    assert not Intake.objects.exists()


def test_the_first_instance_opens_an_intake_of_the_owner(peer: str, cast: SimpleNamespace) -> None:
    association = IntakeSink().opened(peer, "127.0.0.1")
    assert association.store(dataset=b"one") == SUCCESS
    assert association.store(dataset=b"two") == SUCCESS
    intake = Intake.objects.get()
    assert (intake.member_id, intake.institution_id, intake.door) == (cast.alice.id, cast.here.id, Door.DICOM_NODE)
    assert list(intake.arrivals.order_by("ordinal").values_list("received_size", "is_complete")) == [(3, True)] * 2


def test_a_released_association_completes_its_intake(peer: str) -> None:
    association = IntakeSink().opened(peer, "127.0.0.1")
    association.store(dataset=b"one")
    association.released()
    assert Intake.objects.get().state == IntakeState.RECEIVED


def test_an_aborted_association_keeps_what_was_acknowledged(peer: str) -> None:
    association = IntakeSink().opened(peer, "127.0.0.1")
    association.store(dataset=b"one")
    association.aborted()
    assert Intake.objects.get().state == IntakeState.RECEIVED
    assert Arrival.objects.filter(is_complete=True).count() == 1


def test_two_associations_are_two_intakes(peer: str) -> None:
    for _ in range(2):
        IntakeSink().opened(peer, "127.0.0.1").store(dataset=b"one")
    assert Intake.objects.count() == 2


def test_the_same_instance_a_hundred_times_is_acknowledged_each_time(peer: str) -> None:
    association = IntakeSink().opened(peer, "127.0.0.1")
    assert {association.store(dataset=b"same") for _ in range(100)} == {SUCCESS}
    assert Arrival.objects.count() == 100


def test_a_device_nobody_owns_is_not_authorised(cast: SimpleNamespace) -> None:
    assert IntakeSink().opened("NOBODY", "127.0.0.1").store(dataset=b"one") == NOT_AUTHORISED
    assert not Intake.objects.exists()


def test_a_device_is_struck_off_and_its_next_study_is_not_authorised(peer: str) -> None:
    forbid_peer("test", peer)
    assert allowed_peers() == ()
    assert IntakeSink().opened(peer, "127.0.0.1").store(dataset=b"one") == NOT_AUTHORISED


def test_a_device_ends_with_its_owner(peer: str, cast: SimpleNamespace) -> None:
    assert [one.ae_title for one in allowed_peers()] == [peer]
    end_membership("test", cast.alice.id)
    assert allowed_peers() == ()
    assert IntakeSink().opened(peer, "127.0.0.1").store(dataset=b"one") == NOT_AUTHORISED


@pytest.mark.parametrize(("title", "networks"), [("", ["127.0.0.0/8"]), ("X" * 17, ["127.0.0.0/8"]), ("WS", ["no"])])
def test_a_device_with_a_bad_title_or_network_is_not_allowed(
    cast: SimpleNamespace, title: str, networks: list[str]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        allow_peer("test", cast.alice, title, networks)


def test_success_is_not_said_when_the_object_was_not_kept(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object) -> str:
        raise Broken("object store is full", retryable=True)

    monkeypatch.setattr(Quarantine, "put", full)
    with pytest.raises(Broken):
        IntakeSink().opened(peer, "127.0.0.1").store(dataset=b"one")
    assert not Arrival.objects.exists()


def test_success_is_said_only_after_the_row_is_written(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confrere.apps.intake.actions.receive.record", _fault)
    association = IntakeSink().opened(peer, "127.0.0.1")
    with pytest.raises(ZeroDivisionError):
        association.store(dataset=b"one")
    assert not Intake.objects.exists()


def _fault(*_told: object) -> int:
    raise ZeroDivisionError


def test_a_node_that_starts_again_closes_what_its_forerunner_left_open(peer: str, cast: SimpleNamespace) -> None:
    IntakeSink().opened(peer, "127.0.0.1").store(dataset=b"one")
    upload = open_intake(cast.alice, Door.UPLOAD)
    append_bytes(add_arrival(upload, "", 9).arrival_id, 0, b"half")
    assert close_left_open() == 1
    assert Intake.objects.get(door=Door.DICOM_NODE).state == IntakeState.RECEIVED
    upload.refresh_from_db()
    assert upload.state == IntakeState.RECEIVING
    assert close_left_open() == 0
