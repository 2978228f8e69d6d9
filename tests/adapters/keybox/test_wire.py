"""Messages are bounded, whole, and made of strings."""

import json
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from confrere.adapters.keybox import wire


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_message_arrives_as_it_was_sent(line: tuple[socket.socket, socket.socket]) -> None:
    wire.send(line[0], {"verb": "ping", "id": "é"})
    assert wire.receive(line[1]) == {"verb": "ping", "id": "é"}


def test_an_oversized_message_is_not_sent(line: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(wire.WireError):
        wire.send(line[0], {"id": "x" * wire.MAX_MESSAGE})


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack(">I", wire.MAX_MESSAGE + 1),
        struct.pack(">I", 9) + b"{}",
        b"\0\0",
        b"",
        struct.pack(">I", 3) + b"[1]",
        struct.pack(">I", 3) + b"\xff\xfe\xfd",
        struct.pack(">I", 20_000) + b"[" * 20_000,
        struct.pack(">I", 8) + json.dumps({"a": 10}).encode()[:8],
    ],
)
def test_what_is_no_message_is_refused(line: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    line[0].sendall(sent)
    line[0].shutdown(socket.SHUT_WR)
    with pytest.raises(wire.WireError):
        wire.receive(line[1])


def test_a_deep_home_folder_can_still_be_reached(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90) / "keybox.sock"
    deep.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        with wire.address(deep) as short:
            server.bind(short)
        server.listen()
        with wire.address(deep) as short:
            client.connect(short)
    assert deep.is_socket()
