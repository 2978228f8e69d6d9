"""The door lets in who is on the list, from where he is on the list, as often as the list says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from confrere.adapters.dimse.door import (
    CALLED_AE_UNKNOWN,
    CALLING_AE_UNKNOWN,
    CONGESTION,
    LOCAL_LIMIT,
    Door,
    Rejection,
    read_titles,
)
from confrere.adapters.dimse.settings import Limits, NodeSettings, Peer
from confrere.core.terms import REASONS

if TYPE_CHECKING:
    from tests.adapters.dimse.conftest import Wire

CT_ROOM = Peer("CTROOM", ("10.1.0.0/16",), max_associations=2)
MR_ROOM = Peer("MRROOM", ("10.2.0.7", "fd00::/8"), max_associations=9)


def door(peers: Sequence[Peer] = (CT_ROOM, MR_ROOM), **limits: int) -> Door:
    return Door(NodeSettings(peers=lambda: peers, limits=Limits(**limits)))


@pytest.mark.parametrize(
    ("title", "address", "peer"),
    [
        (b"CTROOM", "10.1.200.3", CT_ROOM),
        (b"CTROOM", "::ffff:10.1.0.1", CT_ROOM),
        (b"MRROOM", "10.2.0.7", MR_ROOM),
        (b"MRROOM", "fd00::7%eth0", MR_ROOM),
    ],
)
def test_a_sender_on_the_list_is_let_in_from_its_own_network(
    wire: type[Wire], title: bytes, address: str, peer: Peer
) -> None:
    assert door().admit(wire.associate(title), address) is peer


@pytest.mark.parametrize(
    ("title", "address"),
    [
        (b"STRANGER", "10.1.0.1"),
        (b"ctroom", "10.1.0.1"),
        (b"CTROOM", "10.2.0.7"),
        (b"MRROOM", "10.2.0.8"),
        (b"", "10.1.0.1"),
        (b"CTROOM\xc3", "10.1.0.1"),
    ],
)
def test_an_unknown_title_and_a_wrong_address_get_the_same_answer_and_no_slot(
    wire: type[Wire], title: bytes, address: str
) -> None:
    entrance = door()
    assert entrance.admit(wire.associate(title), address) == CALLING_AE_UNKNOWN
    assert entrance.associations == 0


def test_a_sender_without_a_network_is_let_in_from_nowhere(wire: type[Wire]) -> None:
    entrance = door([Peer("CTROOM", ())])
    assert entrance.admit(wire.associate(b"CTROOM"), "127.0.0.1") == CALLING_AE_UNKNOWN


def test_only_a_known_sender_learns_that_he_called_us_by_a_wrong_name(wire: type[Wire]) -> None:
    entrance = door()
    assert entrance.admit(wire.associate(b"CTROOM", b"OTHER"), "10.1.0.1") == CALLED_AE_UNKNOWN
    assert entrance.admit(wire.associate(b"STRANGER", b"OTHER"), "10.1.0.1") == CALLING_AE_UNKNOWN
    assert entrance.associations == 0


def test_a_title_shared_by_two_senders_is_told_apart_by_address(wire: type[Wire]) -> None:
    second = Peer("CTROOM", ("10.9.0.0/16",))
    assert door([CT_ROOM, second]).admit(wire.associate(b"CTROOM"), "10.9.0.1") is second


def test_a_sender_takes_no_more_slots_than_the_list_gives_and_gets_them_back(wire: type[Wire]) -> None:
    entrance, request = door(), wire.associate(b"CTROOM")
    assert [entrance.admit(request, "10.1.0.1") for _ in range(3)] == [CT_ROOM, CT_ROOM, LOCAL_LIMIT]
    assert entrance.associations == 2
    entrance.leave(CT_ROOM)
    assert entrance.admit(request, "10.1.0.1") is CT_ROOM


def test_one_crowded_sender_leaves_room_for_another_until_the_node_is_full(wire: type[Wire]) -> None:
    entrance = door(associations=3)
    for _ in range(2):
        entrance.admit(wire.associate(b"CTROOM"), "10.1.0.1")
    from_mr = wire.associate(b"MRROOM")
    assert [entrance.admit(from_mr, "10.2.0.7") for _ in range(2)] == [MR_ROOM, LOCAL_LIMIT]
    entrance.leave(CT_ROOM)
    assert entrance.admit(from_mr, "10.2.0.7") is MR_ROOM


def test_all_slots_are_free_once_everyone_has_left_and_none_is_gained_by_leaving_twice(wire: type[Wire]) -> None:
    entrance, request = door(), wire.associate(b"CTROOM")
    entrance.admit(request, "10.1.0.1")
    entrance.leave(CT_ROOM)
    entrance.leave(CT_ROOM)
    assert entrance.associations == 0
    assert [entrance.admit(request, "10.1.0.1") for _ in range(3)] == [CT_ROOM, CT_ROOM, LOCAL_LIMIT]


def test_many_at_once_never_get_more_slots_than_there_are(wire: type[Wire]) -> None:
    entrance, request = door(associations=5), wire.associate(b"MRROOM")
    answers: list[Peer | Rejection] = []
    start = threading.Barrier(12)

    def knock() -> None:
        start.wait()
        answers.append(entrance.admit(request, "10.2.0.7"))

    threads = [threading.Thread(target=knock) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count(MR_ROOM), answers.count(LOCAL_LIMIT)) == (5, 7)


def test_a_sender_struck_off_the_list_is_out_at_once(wire: type[Wire]) -> None:
    peers = [CT_ROOM]
    entrance = door(peers)
    assert entrance.admit(wire.associate(b"CTROOM"), "10.1.0.1") is CT_ROOM
    peers.clear()
    assert entrance.admit(wire.associate(b"CTROOM"), "10.1.0.1") == CALLING_AE_UNKNOWN


def test_a_list_that_cannot_be_read_lets_nobody_in_and_is_logged_without_its_words(
    wire: type[Wire], caplog: pytest.LogCaptureFixture
) -> None:
    def unreadable() -> Sequence[Peer]:
        raise OSError("password of the database")

    entrance = Door(NodeSettings(peers=unreadable))
    assert entrance.admit(wire.associate(b"CTROOM"), "10.1.0.1") == CONGESTION
    assert "OSError" in caplog.text
    assert "password" not in caplog.text


def test_titles_are_read_without_their_padding(wire: type[Wire]) -> None:
    assert read_titles(wire.associate(b"CTROOM", b"CONFRERE")) == ("CONFRERE", "CTROOM")
    assert read_titles(bytearray(wire.associate(b" CTROOM\0\0", b"CONFRERE\0"))) == ("CONFRERE", "CTROOM")


@pytest.mark.parametrize("answer", [CALLING_AE_UNKNOWN, CALLED_AE_UNKNOWN, LOCAL_LIMIT, CONGESTION])
def test_a_rejection_tells_our_own_reason_and_asks_to_come_again_only_when_that_helps(answer: Rejection) -> None:
    assert answer.code in REASONS
    # PS3.8 table 9-21: result 1 is for good, 2 is for now.
    assert (answer.result == 2) is (answer.code != "ae-not-allowed")


Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def pairs() -> Iterator[list[Ends]]:
    """Three connections, each as (our end, the sender's end)."""
    made = [socket.socketpair() for _ in range(3)]
    yield made
    for ends in made:
        for end in ends:
            end.close()


def is_hung_up(theirs: socket.socket) -> bool:
    theirs.setblocking(False)
    try:
        return theirs.recv(1) == b""
    except BlockingIOError:
        return False


def test_when_the_doorstep_is_full_the_longest_waiting_goes(pairs: list[Ends]) -> None:
    entrance = door(doorstep=2)
    with entrance.doorstep(pairs[0][0]), entrance.doorstep(pairs[1][0]):
        assert [is_hung_up(theirs) for _, theirs in pairs] == [False, False, False]
        with entrance.doorstep(pairs[2][0]):
            assert [is_hung_up(theirs) for _, theirs in pairs] == [True, False, False]


def test_who_has_spoken_leaves_the_doorstep_to_others(pairs: list[Ends]) -> None:
    entrance = door(doorstep=1)
    for ours, _ in pairs:
        with entrance.doorstep(ours):
            pass
    assert [is_hung_up(theirs) for _, theirs in pairs] == [False, False, False]


def test_clearing_the_doorstep_hangs_up_on_the_waiting_alone(pairs: list[Ends]) -> None:
    entrance = door()
    with entrance.doorstep(pairs[0][0]):
        pass
    with entrance.doorstep(pairs[1][0]), entrance.doorstep(pairs[2][0]):
        entrance.clear_doorstep()
    assert [is_hung_up(theirs) for _, theirs in pairs] == [False, True, True]


def test_a_connection_that_died_while_waiting_does_no_harm(pairs: list[Ends]) -> None:
    entrance = door(doorstep=1)
    with entrance.doorstep(pairs[0][0]):
        pairs[0][0].close()
        with entrance.doorstep(pairs[1][0]):
            assert not is_hung_up(pairs[1][1])
