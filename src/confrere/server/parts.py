"""The parent: starts every part, starts again what dies, stops all of them cleanly.

INVARIANT: only the conveyor is given the token that can read quarantine; the node gets the door's, the web process the
desk's, which opens the sheets of the clearance desk besides.
"""

import ctypes
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from confrere.server.configuration import Configuration, as_environ

log = logging.getLogger(__name__)

STOP_PATIENCE_S = 12.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class Part:
    """One child process; it leads a process group, so that nothing it started outlives it."""

    name: str
    command: list[str]
    environ: dict[str, str]
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0
    due_at: float = field(default=0.0)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The key box's three tokens; new at every start of the parent, kept in memory only."""

    door: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    desk: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    clearance: str = field(default_factory=lambda: secrets.token_urlsafe(32))


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port(host: str, wanted: int) -> int:
    """`wanted` if it can be bound on `host`, else a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in (wanted, 0):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def _granian(interface: str, target: str, host: str, port: int, workers: int) -> list[str]:
    options = ["--interface", interface, "--host", host, "--port", str(port), "--workers", str(workers)]
    threads = ["--blocking-threads", "4"] if interface == "wsgi" else []
    quiet = ["--no-ws", "--log-level", "warning", "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *options, *threads, *quiet, target]


def all_parts(configuration: Configuration, tokens: Tokens) -> list[Part]:
    """Every part in the order of starting."""
    base = {**os.environ, **as_environ(configuration), "DJANGO_SETTINGS_MODULE": "confrere.server.settings"}
    base.pop("CONFRERE_KEYBOX_TOKEN", None)
    door = {**base, "CONFRERE_KEYBOX_TOKEN": tokens.door}
    desk = {**base, "CONFRERE_KEYBOX_TOKEN": tokens.desk}
    clearance = {**base, "CONFRERE_KEYBOX_TOKEN": tokens.clearance}
    keybox = {
        **base,
        "CONFRERE_KEYBOX_DOOR_TOKEN": tokens.door,
        "CONFRERE_KEYBOX_DESK_TOKEN": tokens.desk,
        "CONFRERE_KEYBOX_CLEARANCE_TOKEN": tokens.clearance,
    }
    python = [sys.executable, "-m"]
    host = configuration.host
    return [
        Part("keybox", [*python, "confrere.adapters.keybox", "--home", str(configuration.home)], keybox),
        Part("web", _granian("wsgi", "confrere.server.wsgi:application", host, configuration.port, 2), desk),
        Part(
            "events", _granian("asgi", "confrere.server.events:application", host, configuration.events_port, 1), base
        ),
        Part("conveyor", [*python, "confrere", "conveyor"], clearance),
        Part("dicom-node", [*python, "confrere", "dicom-node"], door),
    ]


class Parent:
    """Keeps the parts alive until told to stop."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.stopping = False

    def start(self) -> None:
        """Start every part."""
        for part in self.parts:
            self._start(part)

    def _start(self, part: Part) -> None:
        part.child = subprocess.Popen(  # our own commands
            part.command, env=part.environ, start_new_session=True, preexec_fn=_die_with_parent
        )
        part.started_at = time.monotonic()

    def watch(self, each_round: Callable[[], None]) -> None:
        """Start again what has died, with a growing pause for what dies at once; returns after `stop`."""
        while not self.stopping:
            for part in self.parts:
                self._look_after(part)
            each_round()
            time.sleep(0.3)

    def _look_after(self, part: Part) -> None:
        at = time.monotonic()
        if part.child is not None and part.child.poll() is not None:
            _kill_group(part.child.pid)
            lived = at - part.started_at
            part.restarts = 0 if lived > 30 else part.restarts + 1
            part.due_at = at + min(0.2 * 2**part.restarts, 10.0)
            part.child = None
            if not self.stopping:
                log.warning("part %s ended after %.0f s and is started again", part.name, lived)
        if part.child is None and at >= part.due_at and not self.stopping:
            self._start(part)

    def stop(self) -> None:
        """End every part: asked first, killed when it does not listen; the key box goes last."""
        self.stopping = True
        for part in reversed(self.parts):
            if part.child is not None and part.child.poll() is None:
                part.child.terminate()
        deadline = time.monotonic() + STOP_PATIENCE_S
        for part in reversed(self.parts):
            if part.child is not None:
                try:
                    part.child.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    log.warning("part %s did not stop and is killed", part.name)
                _kill_group(part.child.pid)
                part.child.wait()


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
