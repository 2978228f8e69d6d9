"""The gate lets a store conversation through and stops everything else, without a socket."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.adapters.dimse.gate import PduGate
from confrere.adapters.dimse.settings import Limits
from confrere.core.terms import Refused

if TYPE_CHECKING:
    from tests.adapters.dimse.conftest import Wire


def pass_through(gate: PduGate, pdu: bytes) -> int:
    gate.admit_type(pdu[0])
    assert gate.admit_header(pdu[:6]) == len(pdu) - 6
    return gate.admit_body(pdu)


def established(wire: type[Wire], **limits: int) -> PduGate:
    gate = PduGate(Limits(**limits))
    pass_through(gate, wire.associate())
    gate.answered()
    return gate


def test_a_whole_store_conversation_passes(wire: type[Wire]) -> None:
    gate = established(wire)
    pass_through(gate, wire.p_data((1, wire.command(1)[:20])))
    pass_through(gate, wire.p_data((3, wire.command(1)[20:])))
    assert pass_through(gate, wire.p_data((0, b"x" * 100))) == 100
    assert gate.inside_message and not gate.owed
    assert pass_through(gate, wire.p_data((2, b"y"))) == 1
    assert gate.owed and not gate.inside_message
    gate.answered()
    pass_through(gate, wire.p_data((3, wire.command(0x30, with_data=False))))
    gate.answered()
    pass_through(gate, wire.RELEASE)
    assert gate.over


@pytest.mark.parametrize("first", [ord("G"), 0x16, 0x00, 0x04, 0x07])
def test_a_stranger_must_open_with_an_associate_request(first: int) -> None:
    with pytest.raises(Refused, match="not-dicom"):
        PduGate(Limits()).admit_type(first)


def test_lengths_are_judged_from_the_header_alone(wire: type[Wire]) -> None:
    with pytest.raises(Refused, match="pdu-too-long"):
        PduGate(Limits()).admit_header(struct.pack(">BBL", 1, 0, 0xFFFFFFFF))
    with pytest.raises(Refused, match="pdu-too-long"):
        established(wire).admit_header(struct.pack(">BBL", 4, 0, (1 << 20) + 1))
    assert established(wire).admit_header(struct.pack(">BBL", 4, 0, 1 << 20)) == 1 << 20
    with pytest.raises(Refused, match="pdu-too-long"):
        established(wire).admit_header(struct.pack(">BBL", 7, 0, 5))


@pytest.mark.parametrize("pdu_type", [1, 2, 3, 6, 8, 0x47])
def test_an_established_sender_may_only_send_data_release_or_abort(wire: type[Wire], pdu_type: int) -> None:
    with pytest.raises(Refused, match="pdu-malformed"):
        established(wire).admit_type(pdu_type)


@pytest.mark.parametrize("field", [0x0010, 0x0020, 0x0021, 0x0100, 0x0140, 0x0FFF, 0x8001, 0x8030])
def test_every_operation_but_store_and_echo_is_refused(wire: type[Wire], field: int) -> None:
    # C-GET, C-FIND, C-MOVE, N-EVENT-REPORT, N-CREATE, C-CANCEL and answers to requests never made.
    with pytest.raises(Refused, match="operation-not-allowed"):
        pass_through(established(wire), wire.p_data((3, wire.command(field))))


def test_a_data_set_without_end_stops_at_the_limit(wire: type[Wire]) -> None:
    gate = established(wire, dataset_bytes=10_000)
    pass_through(gate, wire.p_data((3, wire.command(1))))
    pass_through(gate, wire.p_data((0, b"x" * 9_000)))
    with pytest.raises(Refused, match="too-large"):
        pass_through(gate, wire.p_data((0, b"x" * 1_001)))


def test_a_command_without_end_stops_at_the_limit(wire: type[Wire]) -> None:
    gate = established(wire)
    with pytest.raises(Refused, match="pdu-too-long"):
        for _ in range(10):
            pass_through(gate, wire.p_data((1, b"x" * 16_000)))


def test_a_million_crumbs_are_cut_off_early(wire: type[Wire]) -> None:
    gate = established(wire)
    pass_through(gate, wire.p_data((3, wire.command(1))))
    with pytest.raises(Refused, match="pdu-malformed"):
        for _ in range(5):
            pass_through(gate, wire.p_data(*[(0, b"x")] * 1000))


def test_full_fragments_are_never_taken_for_crumbs(wire: type[Wire]) -> None:
    gate = established(wire)
    pass_through(gate, wire.p_data((3, wire.command(1))))
    whole = wire.p_data((0, bytes(4090)))
    for _ in range(10_000):
        pass_through(gate, whole)


@pytest.mark.parametrize(
    "fragments",
    [
        [(0, b"data before any command")],
        [(2, b"data before any command")],
        [(3, b"\0\0\0\1\xff\xff\xff\xff")],
        [(3, b"\0\0")],
        [(3, b"")],
    ],
)
def test_messages_out_of_order_or_out_of_shape_are_refused(
    wire: type[Wire], fragments: list[tuple[int, bytes]]
) -> None:
    with pytest.raises(Refused, match="pdu-malformed"):
        pass_through(established(wire), wire.p_data(*fragments))


def test_a_store_without_data_and_an_echo_with_data_are_refused(wire: type[Wire]) -> None:
    for field, with_data in ((1, False), (0x30, True)):
        with pytest.raises(Refused, match="pdu-malformed"):
            pass_through(established(wire), wire.p_data((3, wire.command(field, with_data=with_data))))


def test_an_empty_data_set_is_refused(wire: type[Wire]) -> None:
    with pytest.raises(Refused, match="pdu-malformed"):
        pass_through(established(wire), wire.p_data((3, wire.command(1)), (2, b"")))


def test_a_second_context_inside_a_message_is_refused(wire: type[Wire]) -> None:
    gate = established(wire)
    pass_through(gate, wire.p_data((3, wire.command(1))))
    with pytest.raises(Refused, match="pdu-malformed"):
        pass_through(gate, wire.p_data((2, b"x"), context=3))


def test_a_second_request_before_the_answer_is_refused(wire: type[Wire]) -> None:
    gate = established(wire)
    echo = wire.p_data((3, wire.command(0x30, with_data=False)))
    pass_through(gate, echo)
    with pytest.raises(Refused, match="pdu-malformed"):
        pass_through(gate, echo)


@given(st.binary(min_size=6, max_size=400), st.booleans())
def test_no_bytes_make_the_gate_fail_otherwise_than_by_refusing(noise: bytes, as_data: bool) -> None:
    gate = PduGate(Limits())
    associate = struct.pack(">BBL", 1, 0, 68) + bytes(68)
    pass_through(gate, associate)
    gate.answered()
    pdu = struct.pack(">BBL", 4, 0, len(noise)) + noise if as_data else noise
    try:
        gate.admit_type(pdu[0])
        if gate.admit_header(pdu[:6]) == len(pdu) - 6:
            gate.admit_body(pdu)
    except Refused:
        pass
