"""The socket between a sender and pynetdicom: hands over whole PDUs that passed the gate, keeps the clock.

pynetdicom's own transport reads from the socket whatever the sender claims and waits for ever; this one reads
a PDU only after the gate has seen its header, never reads ahead of an unanswered request, and ends silence.
Source: PS3.8 sections 9.3.4 (A-ASSOCIATE-RJ) and 9.3.8 (A-ABORT).
"""

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from pynetdicom.transport import AssociationSocket

from confrere.adapters.dimse.gate import HEADER_BYTES, PduGate
from confrere.adapters.dimse.settings import Limits
from confrere.core.terms import Refused

if TYPE_CHECKING:
    from pynetdicom.association import Association

# How long an idle look at the socket may last; data ends it at once.
_LOOK_SECONDS = 0.05
_FAREWELL_SECONDS = 0.5
_FAREWELL_BYTES = 256 * 1024

# A-ABORT from the service provider, reason not specified.
_A_ABORT = bytes((0x07, 0, 0, 0, 0, 4, 0, 0, 2, 0))


class Budget:
    """Bytes of data set the whole node may be receiving at one time."""

    def __init__(self, total: int) -> None:
        self._left = total
        self._lock = threading.Lock()

    def take(self, count: int) -> bool:
        """True when `count` bytes were still to be had."""
        with self._lock:
            if count > self._left:
                return False
            self._left -= count
            return True

    def give(self, count: int) -> None:
        """Give back what was taken."""
        with self._lock:
            self._left += count


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a transport shares with the rest of the node. `turned_away` hears the reason code."""

    limits: Limits
    budget: Budget
    stopping: threading.Event
    turned_away: Callable[[str], None]


def read_pdu(sock: socket.socket, gate: PduGate, seconds: float) -> tuple[bytearray, int]:
    """Return one whole PDU that passed the gate, and how many bytes of data set it carries.

    Raises Refused when the gate or the clock says no, ConnectionError when the sender has gone.
    """
    deadline = monotonic() + seconds
    header = bytearray(HEADER_BYTES)
    _fill(sock, memoryview(header)[:1], deadline)
    gate.admit_type(header[0])
    _fill(sock, memoryview(header)[1:], deadline)
    pdu = bytearray(HEADER_BYTES + gate.admit_header(header))
    pdu[:HEADER_BYTES] = header
    _fill(sock, memoryview(pdu)[HEADER_BYTES:], deadline)
    return pdu, gate.admit_body(pdu)


def _fill(sock: socket.socket, room: memoryview, deadline: float) -> None:
    at = 0
    while at < len(room):
        left = deadline - monotonic()
        if left <= 0:
            raise Refused("timeout")
        try:
            sock.settimeout(left)
            count = sock.recv_into(room[at:])
        except TimeoutError:
            raise Refused("timeout") from None
        except OSError:
            raise ConnectionError("the sender has gone") from None
        if count == 0:
            raise ConnectionError("the sender has gone")
        at += count


def send_abort(sock: socket.socket) -> None:
    """Say A-ABORT and hang up."""
    _say_farewell(sock, _A_ABORT)


def send_reject(sock: socket.socket, result: int, source: int, reason: int) -> None:
    """Say A-ASSOCIATE-RJ with the three values of PS3.8 table 9-21 and hang up."""
    _say_farewell(sock, bytes((0x03, 0, 0, 0, 0, 4, 0, result, source, reason)))


def _say_farewell(sock: socket.socket, pdu: bytes) -> None:
    # Closing with bytes unread makes TCP reset, and the sender never sees our words: read a little first.
    deadline = monotonic() + _FAREWELL_SECONDS
    with contextlib.suppress(OSError):
        sock.settimeout(_FAREWELL_SECONDS)
        sock.sendall(pdu)
        sock.shutdown(socket.SHUT_WR)
        read = 0
        while read < _FAREWELL_BYTES and (left := deadline - monotonic()) > 0:
            sock.settimeout(left)
            chunk = sock.recv(16 * 1024)
            if not chunk:
                break
            read += len(chunk)
    hang_up(sock)


def hang_up(sock: socket.socket) -> None:
    """Close `sock`, waking whoever reads from it."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        sock.close()


class GatedTransport(AssociationSocket):
    """pynetdicom's view of one connection. Used by its upper layer thread alone."""

    def __init__(
        self, assoc: "Association", sock: socket.socket, gate: PduGate, first: bytearray, around: Surroundings
    ) -> None:
        super().__init__(assoc, client_socket=sock)
        self._gate = gate
        self._around = around
        self._pdu = first
        self._at = 0
        self._taken = 0
        self._over = False
        self._deadline = monotonic() + around.limits.answer_seconds

    @property
    def over(self) -> bool:
        """True once nothing more will be read or said."""
        return self._over or self.socket is None

    @property
    def ready(self) -> bool:
        """True when a PDU can be read. Ends the association when the sender has been silent for too long."""
        if self._at < len(self._pdu):
            return True
        sock = self.socket
        if sock is None or self._over:
            return False
        if self._gate.owed:
            # Nothing is read ahead: whatever is sent meanwhile waits in the sender's own buffers.
            return self._check_time()
        if self._around.stopping.is_set() and not self._gate.over:
            return self._end("node-stopping")
        try:
            found = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
            found = found or bool(select.select([sock], [], [], 0 if self._gate.over else _LOOK_SECONDS)[0])
        except (OSError, ValueError):
            return self._end(None)
        return found or self._check_time()

    def _check_time(self) -> bool:
        if monotonic() > self._deadline:
            self._end("timeout")
        return False

    def _end(self, code: str | None) -> bool:
        self._close_for(code)
        # Evt17: transport connection closed (PS3.8 table 9-10); it leads every state to its end.
        self.event_queue.put("Evt17")
        return False

    def _close_for(self, code: str | None) -> None:
        self._over = True
        sock = self.socket
        if sock is None:
            return
        if code is None:
            hang_up(sock)
        else:
            self._around.turned_away(code)
            send_abort(sock)

    def recv(self, nr_bytes: int) -> bytearray:
        """Return up to `nr_bytes` of the current PDU, fewer when the connection has ended.

        pynetdicom asks for a header, then for a body; it may ask as it likes, a PDU is always read whole.
        """
        if self._at >= len(self._pdu):
            self._read_next()
        part = self._pdu[self._at : self._at + nr_bytes]
        self._at += len(part)
        if self._at >= len(self._pdu):
            self._pdu, self._at = bytearray(), 0
        return part

    def _read_next(self) -> None:
        self._pdu, self._at = bytearray(), 0
        if self.socket is None or self._over:
            return
        limits = self._around.limits
        try:
            pdu, carried = read_pdu(self.socket, self._gate, limits.half_message_seconds)
            self._take(carried)
        except Refused as refusal:
            self._close_for(refusal.code)
            return
        except ConnectionError:
            self._close_for(None)
            return
        self._pdu = pdu
        self._set_deadline()

    def _take(self, count: int) -> None:
        if not self._around.budget.take(count):
            raise Refused("node-full")
        self._taken += count

    def _set_deadline(self) -> None:
        limits = self._around.limits
        if self._gate.owed:
            seconds = limits.answer_seconds
        elif self._gate.inside_message:
            seconds = limits.half_message_seconds
        else:
            seconds = limits.idle_seconds
        self._deadline = monotonic() + seconds

    def send(self, bytestream: bytes) -> None:
        """Send one of our own PDUs; a sender that does not read is cut off like one that does not write."""
        self._gate.answered()
        self.give_back()
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.settimeout(self._around.limits.half_message_seconds)
        super().send(bytestream)
        self._set_deadline()

    def give_back(self) -> None:
        """Return what was taken from the budget; called again when the association has ended."""
        self._around.budget.give(self._taken)
        self._taken = 0
