"""The key box as the other processes see it."""

import base64
import os
import socket
import threading
from pathlib import Path

from confrere.adapters.keybox import wire
from confrere.core.terms import Broken

_TIMEOUT_S = 10.0
_MESSAGES = {
    "not-allowed": "key box: this process may not ask that",
    "unknown": "key box: no such key",
    "damaged": "key box: a key file is damaged",
    "bad-name": "key box: not a name it accepts",
    "disk": "key box: cannot write",
}


class KeyDestroyed(Broken):
    """The intake's key is gone for good, and with it whatever was sealed to it."""

    def __init__(self) -> None:
        super().__init__("key box: the key was destroyed", retryable=False)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return type(self), ()  # crosses to and from the workers of a pool


class KeyBox:
    """A client holding one role's token; safe between threads, reconnects by itself.

    Every method raises Broken: retryable when the box is down or its disk is full, else not.
    """

    def __init__(self, socket_path: Path, token: str) -> None:
        self._path = socket_path
        self._token = token
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._pid = os.getpid()

    def create(self, intake_id: str) -> bytes:
        """The intake's public key (X25519, 32 bytes), made at the first asking.

        Raises KeyDestroyed after `destroy`.
        """
        return self._ask("create", intake_id)

    def private_key(self, intake_id: str) -> bytes:
        """The intake's private key (X25519, 32 bytes); clearance only."""
        return self._ask("private_key", intake_id)

    def institution_secret(self, institution_id: str) -> bytes:
        """The institution's secret (32 bytes), made at the first asking; clearance only."""
        return self._ask("institution_secret", institution_id)

    def open_desk(self, intake_id: str) -> bytes:
        """The public key (X25519, 32 bytes) of the intake's desk sheets, made at the first asking; clearance only."""
        return self._ask("open_desk", intake_id)

    def desk_key(self, intake_id: str) -> bytes:
        """The private key (X25519, 32 bytes) of the intake's desk sheets; desk and clearance only.

        It opens no original. Raises Broken where no desk was opened, KeyDestroyed after `destroy`.
        """
        return self._ask("desk_key", intake_id)

    def destroy(self, intake_id: str) -> None:
        """Shred the intake's keys, durably; clearance only."""
        self._ask("destroy", intake_id)

    def ping(self) -> None:
        """Return when the box answers."""
        self._ask("ping", "")

    def close(self) -> None:
        """Hang up; the next question connects again."""
        with self._lock:
            self._hang_up()

    def _ask(self, verb: str, name: str) -> bytes:
        message = {"token": self._token, "verb": verb, "id": name}
        with self._lock:
            reply = self._exchange(message)
        error = reply.get("error")
        if error == "destroyed":
            raise KeyDestroyed
        if error is not None:
            raise Broken(_MESSAGES.get(error, "key box: unexpected answer"), retryable=error == "disk")
        try:
            return base64.b64decode(reply["value"], validate=True)
        except (KeyError, ValueError):
            raise Broken("key box: unexpected answer", retryable=True) from None

    def _exchange(self, message: dict[str, str]) -> dict[str, str]:
        # A second try on a new connection: the box may have restarted, or closed an idle line. Every verb
        # may be repeated without harm.
        if self._pid != os.getpid():
            # A forked worker shares the line with its parent and could read the parent's answer.
            self._hang_up()
            self._pid = os.getpid()
        for last in (False, True):
            try:
                connection = self._connection or self._connect()
                wire.send(connection, message)
                return wire.receive(connection)
            except (OSError, wire.WireError):
                self._hang_up()
                if last:
                    break
        raise Broken("key box: no answer", retryable=True)

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._connection = connection
        connection.settimeout(_TIMEOUT_S)
        with wire.address(self._path) as short:
            connection.connect(short)
        return connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
