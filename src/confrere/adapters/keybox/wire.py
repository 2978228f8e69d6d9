"""How the key box and its clients speak: one length-prefixed JSON object each way, over a unix socket."""

import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_MESSAGE = 64 * 1024
_LENGTH = struct.Struct(">I")
_MAX_ADDRESS = 100  # sun_path holds 108 bytes on Linux, 104 elsewhere


class WireError(Exception):
    """The other side hung up, or sent something that is not a message."""


def send(connection: socket.socket, message: dict[str, str]) -> None:
    """Send one message."""
    body = json.dumps(message).encode()
    if len(body) > MAX_MESSAGE:
        raise WireError("message too long")
    connection.sendall(_LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket) -> dict[str, str]:
    """The next message; raises WireError for the end, an oversized length, or what is not strings by name."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > MAX_MESSAGE:
        raise WireError("message too long")
    try:
        message = json.loads(_exactly(connection, length))
    except (ValueError, RecursionError):
        raise WireError("not JSON") from None
    if not isinstance(message, dict) or not all(isinstance(value, str) for value in message.values()):
        raise WireError("not a message")
    return message


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            raise WireError("the other side hung up")
        parts += part
    return bytes(parts)


@contextmanager
def address(path: Path) -> Iterator[str]:
    """A spelling of `path` short enough for a unix socket, valid inside the block."""
    if len(os.fsencode(path)) <= _MAX_ADDRESS:
        yield str(path)
        return
    # Linux only: a deep home folder is reached through an open descriptor of its parent.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
