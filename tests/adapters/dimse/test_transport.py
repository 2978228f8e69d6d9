"""Raw sockets against the clock and the gate: whatever a sender does, its slot comes free."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from confrere.adapters.dimse import Peer

if TYPE_CHECKING:
    from tests.adapters.dimse.conftest import Call, Eventually, Running, Start, Wire


def seconds_until(check: Callable[[], bool]) -> float:
    begin = time.monotonic()
    assert check()
    return time.monotonic() - begin


def test_a_pdu_of_four_gibibytes_is_aborted_at_its_header(running: Running, call: Call, wire: type[Wire]) -> None:
    caller = call(running)
    caller.say(wire.associate(length=0xFFFFFFFF))
    assert seconds_until(caller.is_aborted) < 3
    assert running.refused == ["pdu-too-long"]


def test_a_web_request_is_aborted_at_its_first_byte(running: Running, call: Call) -> None:
    caller = call(running)
    caller.say(b"G")
    assert seconds_until(caller.is_aborted) < 3
    caller = call(running)
    caller.say(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert caller.is_aborted()
    assert running.refused == ["not-dicom", "not-dicom"]


def test_half_an_associate_request_is_closed_in_time(start: Start, call: Call, wire: type[Wire]) -> None:
    running = start(first_pdu_seconds=0.5)
    caller = call(running)
    caller.say(wire.associate()[:40])
    assert 0.3 < seconds_until(caller.is_aborted) < 3
    assert running.refused == ["timeout"]


def test_a_caller_that_says_nothing_is_closed_in_time(start: Start, call: Call) -> None:
    running = start(first_pdu_seconds=0.5)
    assert 0.3 < seconds_until(call(running).is_aborted) < 3


def test_one_byte_now_and_then_does_not_buy_more_time(start: Start, call: Call, wire: type[Wire]) -> None:
    running = start(first_pdu_seconds=1.0)
    caller = call(running)
    begin = time.monotonic()
    with pytest.raises(OSError):
        for byte in wire.associate():
            caller.say(bytes((byte,)))
            time.sleep(0.2)
    assert time.monotonic() - begin < 4
    assert running.refused == ["timeout"]


def test_silence_inside_an_association_ends_it(start: Start, call: Call, eventually: Eventually) -> None:
    running = start(idle_seconds=0.5)
    caller = call(running)
    caller.associate()
    assert running.node.associations == 1
    assert 0.3 < seconds_until(caller.is_aborted) < 3
    assert eventually(lambda: running.node.associations == 0)


@pytest.mark.parametrize("cut", [1, 5, 6, 7, 60])
def test_half_a_pdu_inside_an_association_ends_it(
    start: Start, call: Call, wire: type[Wire], eventually: Eventually, cut: int
) -> None:
    running = start(half_message_seconds=0.4)
    caller = call(running)
    caller.associate()
    caller.say(wire.p_data((3, wire.command(1)))[:cut])
    assert seconds_until(caller.is_aborted) < 3
    assert eventually(lambda: running.node.associations == 0)


def test_silence_between_the_pdus_of_a_message_ends_it_sooner_than_silence_between_messages(
    start: Start, call: Call, wire: type[Wire]
) -> None:
    running = start(half_message_seconds=0.4, idle_seconds=30)
    caller = call(running)
    caller.associate()
    caller.say(wire.p_data((3, wire.command(1)), (0, b"x" * 50)))
    assert seconds_until(caller.is_aborted) < 3


def test_a_working_sender_may_be_slow_as_long_as_it_is_not_silent(start: Start, call: Call, wire: type[Wire]) -> None:
    running = start(half_message_seconds=1.0, idle_seconds=1.0)
    caller = call(running)
    caller.associate()
    data = wire.data_set(size=40)
    caller.say(wire.p_data((3, wire.command(1))))
    for at in range(0, len(data), 30):
        time.sleep(0.3)
        caller.say(wire.p_data((2 if at + 30 >= len(data) else 0, data[at : at + 30])))
    assert caller.status() == 0
    assert running.sink.stored[0].dataset.endswith(data)


def test_a_sink_that_takes_its_time_is_not_taken_for_a_silent_sender(
    start: Start, call: Call, wire: type[Wire]
) -> None:
    running = start(half_message_seconds=0.3, idle_seconds=0.3)

    def take_time(_: object) -> int:
        time.sleep(1.0)
        return 0

    running.sink.answer = take_time
    caller = call(running)
    caller.associate()
    assert caller.store(wire.data_set()) == 0


def test_a_data_set_above_the_limit_is_aborted_and_the_next_sender_is_served(
    start: Start, call: Call, wire: type[Wire], eventually: Eventually
) -> None:
    running = start(dataset_bytes=100_000)
    caller = call(running)
    caller.associate()
    caller.say(wire.p_data((3, wire.command(1))))
    with pytest.raises(OSError):
        for _ in range(1000):
            caller.say(wire.p_data((0, bytes(16_000))))
            time.sleep(0.005)
    assert running.refused == ["too-large"]
    assert eventually(lambda: running.node.associations == 0)
    other = call(running)
    other.associate()
    assert other.store(wire.data_set()) == 0


def test_all_senders_together_stay_within_the_budget_and_get_it_back(
    start: Start, call: Call, wire: type[Wire], eventually: Eventually
) -> None:
    running = start(in_flight_bytes=100_000)
    first, second = call(running), call(running)
    first.associate()
    second.associate()
    first.say(wire.p_data((3, wire.command(1)), (0, bytes(60_000))))
    time.sleep(0.3)
    second.say(wire.p_data((3, wire.command(1)), (0, bytes(60_000))))
    assert second.is_aborted()
    assert running.refused == ["node-full"]
    first.say(wire.ABORT)
    assert eventually(lambda: running.node.associations == 0)
    third = call(running)
    third.associate()
    for _ in range(3):
        assert third.store(wire.data_set(size=60_000)) == 0


def test_requests_sent_without_waiting_for_answers_are_answered_one_by_one(
    running: Running, call: Call, wire: type[Wire]
) -> None:
    # No asynchronous operations were agreed to; what comes early waits outside, in the buffers of the sender.
    caller = call(running)
    caller.associate()
    one = wire.p_data((3, wire.command(1)), (2, wire.data_set()))
    caller.say(one * 20)
    assert [caller.status() for _ in range(20)] == [0] * 20


@pytest.mark.parametrize("field", [0x0010, 0x0020, 0x0021, 0x0100, 0x0FFF])
def test_a_question_on_a_store_context_is_aborted(running: Running, call: Call, wire: type[Wire], field: int) -> None:
    caller = call(running)
    caller.associate()
    caller.say(wire.p_data((3, wire.command(field))))
    assert caller.is_aborted()
    assert running.refused == ["operation-not-allowed"]


def test_a_message_on_a_context_that_was_never_agreed_ends_the_association(
    running: Running, call: Call, wire: type[Wire], eventually: Eventually
) -> None:
    caller = call(running)
    caller.associate()
    caller.say(wire.p_data((3, wire.command(1)), (2, wire.data_set()), context=99))
    assert caller.hear()[:1] == b"\x07"
    assert eventually(lambda: running.node.associations == 0)
    assert running.sink.stored == []


def test_an_abort_in_the_middle_of_a_data_set_frees_the_slot_and_tells_the_sink(
    running: Running, call: Call, wire: type[Wire], eventually: Eventually
) -> None:
    for farewell in (wire.ABORT, b""):
        running.sink.ended.clear()
        caller = call(running)
        caller.associate()
        assert caller.store(wire.data_set()) == 0
        caller.say(wire.p_data((3, wire.command(1)), (0, b"x" * 500)) + farewell)
        caller.sock.close()
        assert running.sink.ended.wait(5)
        assert eventually(lambda: running.node.associations == 0)
    assert running.sink.ends == ["aborted", "aborted"]
    assert len(running.sink.stored) == 2


def test_a_crowd_on_the_doorstep_does_not_keep_a_sender_out(start: Start, call: Call, wire: type[Wire]) -> None:
    running = start(doorstep=20)
    crowd = [call(running) for _ in range(50)]
    for caller in crowd:
        caller.say(b"\x01")
    sender = call(running)
    begin = time.monotonic()
    sender.associate()
    assert sender.store(wire.data_set()) == 0
    assert time.monotonic() - begin < 2


def test_noise_from_many_callers_leaves_the_node_serving(
    start: Start,
    call: Call,
    wire: type[Wire],
    eventually: Eventually,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    running = start(peers=(Peer("SENDER", ("127.0.0.1/32",), max_associations=200),), associations=200)
    chance = random.Random(7)

    def disturb(_: int) -> None:
        caller = call(running)
        try:
            noise = bytearray(wire.associate(calling=b"SENDER") + wire.p_data((3, wire.command(1))))
            for _ in range(chance.randrange(1, 6)):
                noise[chance.randrange(len(noise))] = chance.randrange(256)
            caller.say(bytes(noise))
            caller.sock.settimeout(0.3)
            caller.hear()
        except OSError:
            pass
        finally:
            caller.sock.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(disturb, range(100)))
    assert eventually(lambda: running.node.associations == 0, seconds=10)
    sender = call(running)
    sender.associate()
    assert sender.store(wire.data_set()) == 0
    assert "Traceback" not in "".join(capfd.readouterr()) + caplog.text
