"""A real node on a free loopback port, with a sink that writes down what it was told."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from confrere.adapters.dimse import Limits, Node, NodeSettings, Peer, serve

SENDER = Peer("SENDER", ("127.0.0.0/8",), max_associations=8)


@dataclass
class Stored:
    """One call of `store`."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    dataset: bytes


@dataclass
class RecordingSink:
    """Plays intake: keeps everything in lists; `answer` may be replaced by a test."""

    answer: Callable[[Stored], int] = lambda _: 0x0000
    cannot_open: Exception | None = None
    opened_by: list[tuple[str, str]] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def opened(self, peer_ae: str, address: str) -> "RecordingSink":
        if self.cannot_open is not None:
            raise self.cannot_open
        self.opened_by.append((peer_ae, address))
        return self

    def store(self, *, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str, dataset: bytes) -> int:
        instance = Stored(sop_class_uid, sop_instance_uid, transfer_syntax_uid, dataset)
        status = self.answer(instance)
        if status == 0:
            self.stored.append(instance)
        return status

    def released(self) -> None:
        self.ends.append("released")
        self.ended.set()

    def aborted(self) -> None:
        self.ends.append("aborted")
        self.ended.set()


@dataclass
class Running:
    """A node with its sink and what it turned away."""

    node: Node
    sink: RecordingSink
    refused: list[str]

    @property
    def port(self) -> str:
        return str(self.node.port)


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Starts nodes and stops them after the test."""
    nodes: list[Node] = []

    def make(*, peers: Sequence[Peer] = (SENDER,), tls: ssl.SSLContext | None = None, **limits: float) -> Running:
        sink = RecordingSink()
        refused: list[str] = []
        settings = NodeSettings(
            peers=lambda: peers,
            port=0,
            limits=Limits(**limits),  # type: ignore[arg-type]  # a test names the few it changes
            tls=tls,
            refused=lambda code, _address: refused.append(code),
        )
        node = serve(settings, sink)
        nodes.append(node)
        return Running(node, sink, refused)

    yield make
    for node in nodes:
        node.stop()


@pytest.fixture
def running(start: Callable[..., Running]) -> Running:
    """A node with the limits as shipped."""
    return start()


@pytest.fixture
def ct_path() -> Path:
    """A small CT of pydicom's test files."""
    from pydicom.data import get_testdata_file

    return Path(str(get_testdata_file("CT_small.dcm")))


CT = "1.2.840.10008.5.1.4.1.1.2"
ECHO = "1.2.840.10008.1.1"
EXPLICIT = "1.2.840.10008.1.2.1"


def _item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(body)) + body


class Wire:
    """Builds PDUs by hand, right or wrong. A second opinion: shares no code with the node."""

    CT, ECHO, EXPLICIT = CT, ECHO, EXPLICIT

    @staticmethod
    def associate(
        calling: bytes = b"SENDER",
        called: bytes = b"CONFRERE",
        *,
        contexts: tuple[str, ...] = (CT, ECHO),
        syntax: str = EXPLICIT,
        length: int | None = None,
    ) -> bytes:
        """An A-ASSOCIATE-RQ; contexts get the odd ids from 1 on."""
        proposals = b"".join(
            _item(0x20, bytes((2 * n + 1, 0, 0, 0)) + _item(0x30, sop.encode()) + _item(0x40, syntax.encode()))
            for n, sop in enumerate(contexts)
        )
        user = _item(0x50, _item(0x51, struct.pack(">L", 16384)) + _item(0x52, b"2.25.1"))
        head = struct.pack(">HH", 1, 0) + called.ljust(16) + calling.ljust(16) + bytes(32)
        body = head + _item(0x10, b"1.2.840.10008.3.1.1.1") + proposals + user
        return struct.pack(">BBL", 1, 0, len(body) if length is None else length) + body

    @staticmethod
    def command(field: int, *, sop_class: str = CT, instance: str = "2.25.7", with_data: bool = True) -> bytes:
        """A command set in implicit little endian."""

        def uid(value: str) -> bytes:
            return value.encode() + b"\0" * (len(value) % 2)

        values = {
            0x0002: uid(sop_class),
            0x0100: struct.pack("<H", field),
            0x0110: struct.pack("<H", 1),
            0x0700: struct.pack("<H", 0),
            0x0800: struct.pack("<H", 1 if with_data else 0x0101),
            0x1000: uid(instance),
        }
        body = b"".join(struct.pack("<HHL", 0, tag, len(v)) + v for tag, v in sorted(values.items()))
        return struct.pack("<HHLL", 0, 0, 4, len(body)) + body

    @staticmethod
    def p_data(*fragments: tuple[int, bytes], context: int = 1) -> bytes:
        """One P-DATA-TF PDU; a fragment is its control byte (1 command, 2 last) and its bytes."""
        items = b"".join(struct.pack(">LBB", len(value) + 2, context, control) + value for control, value in fragments)
        return struct.pack(">BBL", 4, 0, len(items)) + items

    @staticmethod
    def data_set(instance: str = "2.25.7", *, sop_class: str = CT, size: int = 64) -> bytes:
        """Explicit little endian: class, instance, a name and some pixels."""

        def element(tag: int, vr: bytes, value: bytes) -> bytes:
            value += b"\0" * (len(value) % 2)
            return struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr + struct.pack("<H", len(value)) + value

        pixels = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, size) + b"\7" * size
        return (
            element(0x00080016, b"UI", sop_class.encode())
            + element(0x00080018, b"UI", instance.encode())
            + element(0x00100010, b"PN", b"ZZNAME^CANARY")
            + pixels
        )

    RELEASE = struct.pack(">BBLL", 5, 0, 4, 0)
    ABORT = struct.pack(">BBLL", 7, 0, 4, 0)


class Caller:
    """One raw connection to the node."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=20)

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def hear(self) -> bytes:
        """One whole PDU; empty when the node has hung up."""
        header = self._exactly(6)
        if len(header) < 6:
            return b""
        return header + self._exactly(struct.unpack(">L", header[2:])[0])

    def _exactly(self, count: int) -> bytes:
        got = b""
        try:
            while len(got) < count and (part := self.sock.recv(count - len(got))):
                got += part
        except ConnectionError:
            return b""
        return got

    def associate(self) -> None:
        """Be accepted."""
        self.say(Wire.associate())
        assert self.hear()[:1] == b"\x02"

    def store(self, data_set: bytes, *, sop_class: str = CT, instance: str = "2.25.7") -> int:
        """Send one C-STORE and return the status of the answer."""
        self.say(Wire.p_data((3, Wire.command(1, sop_class=sop_class, instance=instance)), (2, data_set)))
        return self.status()

    def status(self) -> int:
        """Read one answer; -1 when it is not one."""
        pdu = self.hear()
        at = pdu.find(struct.pack("<HHL", 0, 0x0900, 2))
        return -1 if at < 0 else int(struct.unpack_from("<H", pdu, at + 8)[0])

    def is_aborted(self) -> bool:
        """True when the node says A-ABORT, and then hangs up."""
        return self.hear()[:1] == b"\x07" and self.hear() == b""


@pytest.fixture
def wire() -> type[Wire]:
    """The builders of PDUs."""
    return Wire


Call = Callable[[Running], Caller]
Eventually = Callable[..., bool]


@pytest.fixture
def call() -> Iterator[Callable[[Running], Caller]]:
    """Opens raw connections and closes them after the test."""
    callers: list[Caller] = []

    def make(running: Running) -> Caller:
        callers.append(Caller(running.node.port))
        return callers[-1]

    yield make
    for caller in callers:
        caller.sock.close()


def wait_until(condition: Callable[[], bool], *, seconds: float = 5.0) -> bool:
    """True as soon as `condition` holds, False when it did not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


@pytest.fixture
def eventually() -> Callable[..., bool]:
    """`wait_until`, for tests."""
    return wait_until
