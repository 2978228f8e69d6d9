"""The listening node: pynetdicom's acceptor behind our door and our gate.

Source: PS3.4 Annex B; PS3.8 section 9. Its own process is the caller's business; `serve` only starts threads.
"""

import logging
import socket
import ssl
import threading
import warnings
from socketserver import BaseServer
from time import monotonic
from typing import cast

from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, build_context, evt
from pynetdicom import _config as library_switches
from pynetdicom._globals import MODE_ACCEPTOR
from pynetdicom.association import Association
from pynetdicom.dul import DULServiceProvider
from pynetdicom.presentation import PresentationContext
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]  # made at import time by the library
from pynetdicom.transport import RequestHandler, ThreadedAssociationServer

from confrere.adapters.dimse.door import Door, Rejection
from confrere.adapters.dimse.gate import PduGate
from confrere.adapters.dimse.part10 import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from confrere.adapters.dimse.settings import NodeSettings, Peer
from confrere.adapters.dimse.sink import InstanceSink
from confrere.adapters.dimse.store import StoreSession
from confrere.adapters.dimse.transport import (
    Budget,
    GatedTransport,
    Surroundings,
    hang_up,
    read_pdu,
    send_abort,
    send_reject,
)
from confrere.core.terms import Refused

LOGGER = logging.getLogger(__name__)

_EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
# JPIP leaves the pixels on another server, ST 2110 is a live stream: neither can be kept.
_NOTHING_TO_KEEP = ("1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.204",
                    "1.2.840.10008.1.2.4.205", "1.2.840.10008.1.2.7.")  # fmt: skip
_UNDERSTAND_SECONDS = 3.0
_STOP_SECONDS = 10.0
_LINGER_SECONDS = 5.0


def accepted_contexts() -> list[PresentationContext]:
    """Every storage SOP class pynetdicom knows, in every syntax that can be kept, and Verification.

    The order decides when a sender offers several syntaxes in one context: explicit little endian first, the
    plain one that names its VRs. Private SOP classes are not agreed to: nothing here could clean them.
    """
    keepable = [str(uid) for uid in ALL_TRANSFER_SYNTAXES if not str(uid).startswith(_NOTHING_TO_KEEP)]
    syntaxes = sorted(keepable, key=lambda uid: uid != _EXPLICIT_LITTLE)
    storage = [build_context(str(known.abstract_syntax), syntaxes) for known in AllStoragePresentationContexts]
    return [*storage, build_context(Verification)]


class _Server(ThreadedAssociationServer):
    """pynetdicom's server with a name for its node and no word of the peer's in the log."""

    daemon_threads = True
    request_queue_size = 128
    node: "Node"

    def shutdown(self) -> None:
        # The library's own also strikes itself off a list that only `start_server` puts it on.
        BaseServer.shutdown(self)
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        LOGGER.error("a connection ended in a fault of our own")


class _Handler(RequestHandler):
    """One connection, in its own thread from accept to close."""

    server: _Server

    def handle(self) -> None:
        self.server.node.receive(self)

    def make_association(self) -> Association:
        # As RequestHandler._create_association, less its deep copy of all contexts (40 ms) and its transport.
        assoc = Association(self.ae, MODE_ACCEPTOR)
        assoc._server = self.server
        assoc.name = "AcceptorThread"
        acceptor = assoc.acceptor
        acceptor.maximum_length = self.ae.maximum_pdu_size
        acceptor.ae_title = self.server.ae_title
        acceptor.address_info = self.local
        acceptor.implementation_class_uid = self.ae.implementation_class_uid
        acceptor.implementation_version_name = self.ae.implementation_version_name
        acceptor.supported_contexts = self.server.contexts
        assoc.requestor.address_info = self.remote
        return assoc


class Node:
    """A running node; `serve` makes it."""

    def __init__(self, settings: NodeSettings, sink: InstanceSink) -> None:
        self._settings = settings
        self._sink = sink
        self._door = Door(settings)
        self._budget = Budget(settings.limits.in_flight_bytes)
        self._stopping = threading.Event()
        entity = AE(ae_title=settings.ae_title)
        entity.maximum_pdu_size = settings.limits.p_data_bytes
        entity.implementation_class_uid = IMPLEMENTATION_CLASS_UID
        entity.implementation_version_name = IMPLEMENTATION_VERSION_NAME
        # The door counts associations and the transport keeps time; the library's own must not interfere.
        entity.maximum_associations = 10_000
        entity.network_timeout = None
        # An association starts with its request already read; one not understood by then never will be.
        entity.acse_timeout = _UNDERSTAND_SECONDS
        self._server = cast(
            _Server,
            entity.make_server(
                (settings.host, settings.port),
                contexts=accepted_contexts(),
                server_class=_Server,
                request_handler=_Handler,
            ),
        )
        self._server.node = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="dicom-node", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on; tells the real one when 0 was asked for."""
        return int(self._server.server_address[1])

    @property
    def associations(self) -> int:
        """How many associations are open now."""
        return self._door.associations

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()
        LOGGER.info("listening on %s:%d as %s", self._settings.host, self.port, self._settings.ae_title)

    def stop(self) -> None:
        """Stop accepting, let each store in hand be answered, abort the rest; takes ten seconds at most."""
        self._stopping.set()
        self._server.shutdown()
        self._door.clear_doorstep()
        deadline = monotonic() + _STOP_SECONDS
        while self._door.associations and monotonic() < deadline:
            threading.Event().wait(0.05)
        LOGGER.info("stopped")

    def wait(self) -> None:
        """Return when the node has stopped."""
        self._thread.join()

    def receive(self, handler: _Handler) -> None:
        """See one connection through: doorstep, allow-list, association."""
        address = str(handler.client_address[0])
        gate = PduGate(self._settings.limits)
        sock = self._prepare(cast(socket.socket, handler.request))
        try:
            with self._door.doorstep(sock):
                self._secure(sock)
                first, _ = read_pdu(sock, gate, self._settings.limits.first_pdu_seconds)
        except Refused as refusal:
            self._note_refused(refusal.code, address)
            send_abort(sock)
            return
        except OSError:
            hang_up(sock)
            return
        answer = self._door.admit(first, address)
        if isinstance(answer, Rejection):
            self._note_refused(answer.code, address)
            send_reject(sock, answer.result, answer.source, answer.reason)
            return
        try:
            self._associate(handler, answer, sock, gate, first)
        finally:
            self._door.leave(answer)
            hang_up(sock)

    def _prepare(self, sock: socket.socket) -> socket.socket:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._settings.tls is None:
            return sock
        return self._settings.tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)

    def _secure(self, sock: socket.socket) -> None:
        if isinstance(sock, ssl.SSLSocket):
            # The time-out holds for the whole handshake, not for each read of it.
            sock.settimeout(self._settings.limits.first_pdu_seconds)
            sock.do_handshake()

    def _associate(self, handler: _Handler, peer: Peer, sock: socket.socket, gate: PduGate, first: bytearray) -> None:
        address = str(handler.client_address[0])

        def note(code: str) -> None:
            self._note_refused(code, address)

        around = Surroundings(self._settings.limits, self._budget, self._stopping, note)
        session = StoreSession(self._sink, peer.ae_title, address, note)
        assoc = handler.make_association()
        transport = GatedTransport(assoc, sock, gate, first, around)
        assoc.set_socket(transport)
        assoc.bind(evt.EVT_C_ECHO, _answer_echo)
        assoc.bind(evt.EVT_C_STORE, session.answer_store)
        LOGGER.info("association with %s from %s", peer.ae_title, address)
        assoc.start()
        _await_end(assoc, transport)
        transport.give_back()
        session.end(released=assoc.is_released)
        ending = "released" if assoc.is_released else "aborted"
        LOGGER.info("%s %s: %d kept, %d not", peer.ae_title, ending, session.stored, session.failed)

    def _note_refused(self, code: str, address: str) -> None:
        LOGGER.warning("turned away: %s from %s", code, address)
        if self._settings.refused is None:
            return
        try:
            self._settings.refused(code, address)
        except Exception as error:
            LOGGER.error("a refusal could not be noted: %s", type(error).__name__)


def _answer_echo(event: evt.Event) -> int:
    return 0x0000


def _await_end(assoc: Association, transport: GatedTransport) -> None:
    over_since: float | None = None
    while assoc.is_alive():
        assoc.join(0.5)
        if not transport.over:
            continue
        over_since = over_since or monotonic()
        if monotonic() - over_since > _LINGER_SECONDS:
            # Its threads wait for each other when an event met the state machine in a state it does not know.
            assoc.dul.kill_dul()


def _quieten_libraries() -> None:
    """Keep what a sender wrote out of logs: pynetdicom and pydicom quote values in messages and warnings."""
    library_switches.LOG_HANDLER_LEVEL = "none"
    for name in ("pynetdicom", "pydicom"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        warnings.filterwarnings("ignore", module=rf"{name}(\..*)?")
    threading.excepthook = _note_thread_fault


def _note_thread_fault(fault: threading.ExceptHookArgs) -> None:
    if isinstance(fault.thread, Association | DULServiceProvider):
        LOGGER.error("an association's thread ended in %s", fault.exc_type.__name__)
    else:
        threading.__excepthook__(fault)


def serve(settings: NodeSettings, sink: InstanceSink) -> Node:
    """Start a node and return it; raises OSError when the port is taken. `stop()` ends it."""
    _quieten_libraries()
    node = Node(settings, sink)
    node.start()
    return node
