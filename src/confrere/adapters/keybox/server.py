"""The key box's process: a unix socket, three roles, one thread for each connection.

`door` may make a key pair and learn its public half; `desk` may also read the key of an intake's desk sheets, and no
original's; `clearance` may read and destroy all.
"""

import base64
import ctypes
import fcntl
import hmac
import os
import resource
import signal
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from confrere.adapters.keybox import wire
from confrere.adapters.keybox.vault import Vault, VaultError

DOOR_TOKEN = "CONFRERE_KEYBOX_DOOR_TOKEN"  # noqa: S105 - the variable's name
DESK_TOKEN = "CONFRERE_KEYBOX_DESK_TOKEN"  # noqa: S105 - the variable's name
CLEARANCE_TOKEN = "CONFRERE_KEYBOX_CLEARANCE_TOKEN"  # noqa: S105 - the variable's name
_MIN_TOKEN = 32
_MAX_CONNECTIONS = 64
_IDLE_S = 60.0
_ROLES: Mapping[str, frozenset[str]] = {
    "door": frozenset({"ping", "create"}),
    "desk": frozenset({"ping", "create", "desk_key"}),
    "clearance": frozenset({"ping", "create", "private_key", "institution_secret", "open_desk", "desk_key", "destroy"}),
}
_PR_SET_DUMPABLE = 4


class KeyBoxServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Serves one vault until `shutdown`; `tokens` names the secret of each role."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, path: Path, vault: Vault, tokens: Mapping[str, str]) -> None:
        if set(tokens) != set(_ROLES) or min(map(len, tokens.values())) < _MIN_TOKEN:
            raise ValueError("the key box needs a token of 32 characters or more for each role")
        if len(set(tokens.values())) != len(tokens):
            raise ValueError("the roles' tokens must differ")
        self._tokens = {role: token.encode() for role, token in tokens.items()}
        self._slots = threading.BoundedSemaphore(_MAX_CONNECTIONS)
        self._verbs: Mapping[str, Callable[[str], bytes | None]] = {
            "ping": lambda _: None,
            "create": vault.create,
            "private_key": vault.private_key,
            "institution_secret": vault.institution_secret,
            "open_desk": vault.open_desk,
            "desk_key": vault.desk_key,
            "destroy": vault.destroy,
        }
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with wire.address(path) as short:
            before = os.umask(0o177)
            try:
                super().__init__(short, _Conversation)
            finally:
                os.umask(before)

    def verify_request(self, request: object, client_address: object) -> bool:
        """Only processes of our own user, and no more of them at once than there are slots."""
        assert isinstance(request, socket.socket)  # noqa: S101 - the base class types it loosely
        return _peer_is_us(request) and self._slots.acquire(blocking=False)

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """One conversation, then the slot is free again."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a traceback could quote what was asked."""

    def answer(self, message: Mapping[str, str]) -> dict[str, str]:
        """The reply to one message: {"value": base64} or {"error": code}."""
        role = self._role(message.get("token", ""))
        verb = message.get("verb", "")
        if role is None or verb not in _ROLES[role]:
            return {"error": "not-allowed"}
        try:
            value = self._verbs[verb](message.get("id", ""))
        except VaultError as error:
            return {"error": error.code}
        except OSError:
            return {"error": "disk"}
        return {"value": base64.b64encode(value or b"").decode()}

    def _role(self, token: str) -> str | None:
        # Every token is compared, whichever matches, so the time taken tells nothing.
        given = token.encode("utf-8", "surrogatepass")
        matching = [role for role, known in self._tokens.items() if hmac.compare_digest(given, known)]
        return matching[0] if matching else None


class _Conversation(socketserver.BaseRequestHandler):
    """Answers message after message until the client hangs up, falls silent or talks nonsense."""

    def handle(self) -> None:
        connection: socket.socket = self.request
        server = self.server
        assert isinstance(server, KeyBoxServer)  # noqa: S101 - the base class types it loosely
        connection.settimeout(_IDLE_S)
        with suppress(wire.WireError, OSError):
            while True:
                wire.send(connection, server.answer(wire.receive(connection)))


def _peer_is_us(connection: socket.socket) -> bool:
    peer_credentials = getattr(socket, "SO_PEERCRED", None)
    if peer_credentials is None:
        return True  # not Linux: the socket's owner-only mode stands alone
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, peer_credentials, 12))
    return bool(uid == os.getuid())


def _leave_no_memory_on_disk() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Also closes /proc/PID/mem and /proc/PID/environ, where the tokens stand, to other processes.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def serve(home: Path, environment: Mapping[str, str]) -> int:
    """Run the key box for `home` until SIGTERM or SIGINT; 0 on a clean stop, 1 where it cannot start."""
    _leave_no_memory_on_disk()
    run = home / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "keybox.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return _complain("another key box serves this home folder")
        try:
            tokens = {
                "door": environment.get(DOOR_TOKEN, ""),
                "desk": environment.get(DESK_TOKEN, ""),
                "clearance": environment.get(CLEARANCE_TOKEN, ""),
            }
            server = KeyBoxServer(run / "keybox.sock", Vault(home / "keybox"), tokens)
        except (ValueError, VaultError) as error:
            return _complain(str(error))
        except OSError as error:
            return _complain(f"errno {error.errno}")
        with server:
            _stop_on_signal(server)
            server.serve_forever(poll_interval=0.5)
        (run / "keybox.sock").unlink(missing_ok=True)
    return 0


def _stop_on_signal(server: KeyBoxServer) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown waits for serve_forever, which this handler interrupts: another thread must call it.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _complain(why: str) -> int:
    sys.stderr.write(f"key box: {why}\n")
    return 1
