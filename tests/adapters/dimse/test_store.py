"""What the sender hears: one status per instance, whatever the sink does, and the association goes on."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from confrere.core.terms import Broken, Held, Refused

if TYPE_CHECKING:
    from tests.adapters.dimse.conftest import Call, Running, Wire


SUCCESS, FULL, NOT_AS_ANNOUNCED, NOT_UNDERSTOOD, TURNED_AWAY = 0x0000, 0xA700, 0xA900, 0xC000, 0xC001


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENOSPC, "disk full"), FULL),
        (OSError(errno.EIO, "input/output error"), NOT_UNDERSTOOD),
        (MemoryError(), FULL),
        (Broken("database is locked", retryable=True), FULL),
        (Broken("no such table", retryable=False), NOT_UNDERSTOOD),
        (Refused("more-than-one-patient"), TURNED_AWAY),
        (Held("uid-conflict"), TURNED_AWAY),
        (ValueError("ZZNAME^CANARY"), NOT_UNDERSTOOD),
    ],
)
def test_an_error_in_the_sink_becomes_a_status_and_the_association_survives(
    running: Running,
    call: Call,
    wire: type[Wire],
    error: Exception,
    status: int,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: object) -> int:
        raise error

    running.sink.answer = fail
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set()) == status
    running.sink.answer = lambda _: 0
    assert caller.store(wire.data_set("2.25.8"), instance="2.25.8") == SUCCESS
    assert "ZZNAME" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("status", [0x0000, 0xB000, 0xA701, 0xC123])
def test_the_status_of_the_sink_reaches_the_sender(running: Running, call: Call, wire: type[Wire], status: int) -> None:
    running.sink.answer = lambda _: status
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set()) == status


@pytest.mark.parametrize("nonsense", [-1, 0x10000, None, "0"])
def test_a_sink_that_gives_no_status_never_reads_as_success(
    running: Running, call: Call, wire: type[Wire], nonsense: object
) -> None:
    running.sink.answer = lambda _: nonsense  # type: ignore[assignment,return-value]  # what is tested
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set()) == NOT_UNDERSTOOD


def test_an_instance_other_than_announced_is_not_kept(running: Running, call: Call, wire: type[Wire]) -> None:
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set("2.25.9"), instance="2.25.7") == NOT_AS_ANNOUNCED
    assert caller.store(wire.data_set(sop_class="1.2.840.10008.5.1.4.1.1.4")) == NOT_AS_ANNOUNCED
    assert caller.store(wire.data_set()) == SUCCESS
    assert [instance.sop_instance_uid for instance in running.sink.stored] == ["2.25.7"]
    assert running.refused == ["uid-mismatch", "uid-mismatch"]


def test_data_in_another_syntax_than_agreed_is_not_kept(running: Running, call: Call, wire: type[Wire]) -> None:
    caller = call(running)
    caller.associate()
    implicit = b"\x08\x00\x16\x00\x1a\x00\x00\x00" + wire.CT.encode() + b"\0"
    assert caller.store(implicit) == NOT_UNDERSTOOD
    assert running.sink.stored == [] and running.refused == ["syntax-mismatch"]


def test_an_identifier_that_climbs_is_not_kept(running: Running, call: Call, wire: type[Wire]) -> None:
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set("../../../etc/cron"), instance="../../../etc/cron") == TURNED_AWAY
    assert running.sink.stored == [] and running.refused == ["bad-uid"]


def test_the_same_instance_a_hundred_times_is_answered_a_hundred_times(
    running: Running, call: Call, wire: type[Wire]
) -> None:
    caller = call(running)
    caller.associate()
    assert {caller.store(wire.data_set()) for _ in range(100)} == {SUCCESS}
    assert len({instance.dataset for instance in running.sink.stored}) == 1


def test_a_failing_opening_of_the_sink_fails_that_instance_alone(
    running: Running, call: Call, wire: type[Wire]
) -> None:
    running.sink.cannot_open = OSError(errno.ENOSPC, "disk full")
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set()) == FULL
    running.sink.cannot_open = None
    assert caller.store(wire.data_set()) == SUCCESS
