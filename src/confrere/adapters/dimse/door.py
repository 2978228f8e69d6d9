"""Who gets in: a connection waits on the doorstep until its first PDU is whole, then the allow-list decides.

A connection on the doorstep costs one sleeping thread and at most 64 KiB; pynetdicom, whose associations
poll, sees only senders on the list. When the doorstep is full the longest waiting connection goes, so that a
crowd of silent connections cannot keep a sender out who speaks at once.
Source: PS3.8 section 9.3.2 (A-ASSOCIATE-RQ) and table 9-21 (reasons for rejection).
"""

import logging
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from confrere.adapters.dimse.settings import NodeSettings, Peer
from confrere.adapters.dimse.transport import hang_up

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Result, source and reason of an A-ASSOCIATE-RJ, and our own reason code."""

    result: int
    source: int
    reason: int
    code: str


CALLING_AE_UNKNOWN = Rejection(1, 1, 3, "ae-not-allowed")
CALLED_AE_UNKNOWN = Rejection(1, 1, 7, "ae-not-allowed")
LOCAL_LIMIT = Rejection(2, 3, 2, "too-many-associations")
CONGESTION = Rejection(2, 3, 1, "node-full")


def read_titles(associate: bytes | bytearray) -> tuple[str, str]:
    """Called and calling AE title of an A-ASSOCIATE-RQ, trimmed; what is not ASCII matches no title."""
    called, calling = associate[10:26], associate[26:42]
    return called.decode("ascii", "replace").strip(" \0"), calling.decode("ascii", "replace").strip(" \0")


class Door:
    """The allow-list, the association slots and the doorstep of one node. Safe to use from many threads."""

    def __init__(self, settings: NodeSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._waiting: dict[int, socket.socket] = {}

    @property
    def associations(self) -> int:
        """Slots taken now."""
        with self._lock:
            return self._taken.total()

    @contextmanager
    def doorstep(self, sock: socket.socket) -> Iterator[None]:
        """Wait here for the first PDU; may be hung up on when others crowd in."""
        key = id(sock)
        with self._lock:
            oldest = next(iter(self._waiting.values())) if self._is_crowded() else None
            if oldest is not None:
                del self._waiting[id(oldest)]
            self._waiting[key] = sock
        if oldest is not None:
            # shutdown wakes the thread that reads from it, which then closes it.
            hang_up_reader(oldest)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.pop(key, None)

    def _is_crowded(self) -> bool:
        return len(self._waiting) >= self._settings.limits.doorstep

    def clear_doorstep(self) -> None:
        """Hang up on everyone who has not said a whole PDU."""
        with self._lock:
            waiting = list(self._waiting.values())
        for sock in waiting:
            hang_up_reader(sock)

    def admit(self, associate: bytes | bytearray, address: str) -> Peer | Rejection:
        """Return the sender, whose slot is then taken until `leave`, or why not."""
        called, calling = read_titles(associate)
        try:
            known = [peer for peer in self._settings.peers() if peer.ae_title == calling]
        except Exception as error:
            LOGGER.error("the list of senders cannot be read: %s", type(error).__name__)
            return CONGESTION
        peer = next((peer for peer in known if peer.calls_from(address)), None)
        # The sender first: a stranger does not learn whether he guessed our title.
        if peer is None:
            return CALLING_AE_UNKNOWN
        if called != self._settings.ae_title:
            return CALLED_AE_UNKNOWN
        return peer if self._take_slot(peer) else LOCAL_LIMIT

    def _take_slot(self, peer: Peer) -> bool:
        with self._lock:
            full = self._taken.total() >= self._settings.limits.associations
            if full or self._taken[peer.ae_title] >= peer.max_associations:
                return False
            self._taken[peer.ae_title] += 1
            return True

    def leave(self, peer: Peer) -> None:
        """Give the slot back."""
        with self._lock:
            self._taken[peer.ae_title] -= 1
            self._taken += Counter()


def hang_up_reader(sock: socket.socket) -> None:
    """Wake the thread that reads from `sock`; it will find the connection ended."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        hang_up(sock)
