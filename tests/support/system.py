"""The real thing, started as a user starts it: `python -m confrere up` on a home of its own, with all its parts."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARKS = {
    "keybox": "confrere.adapters.keybox",
    "web": "confrere.server.wsgi",
    "events": "confrere.server.events",
    "conveyor": "confrere conveyor",
    "dicom-node": "confrere dicom-node",
}


def free_ports(count: int) -> list[int]:
    """That many loopback ports nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_until(condition: Callable[[], object], seconds: float, words: str) -> None:
    """Return when `condition` holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {words}")
        time.sleep(0.05)


@dataclass
class RunningSystem:
    """A running parent with its parts."""

    home: Path
    port: int
    dicom_port: int
    parent: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> str:
        """The web address."""
        return f"http://127.0.0.1:{self.port}"

    def is_healthy(self) -> bool:
        """Whether /healthz says that every part is up."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=3) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def pids(self, part: str) -> list[int]:
        """The processes of a part, its leader first."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    group = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[2])
                    environ = (entry / "environ").read_bytes()
                except OSError:
                    continue
                if MARKS[part] in words and str(self.home).encode() in environ:
                    found.append((group != int(entry.name), int(entry.name)))
        return [pid for _follower, pid in sorted(found)]

    def workers(self) -> list[int]:
        """The conveyor's worker processes."""
        leader = next(iter(self.pids("conveyor")), 0)
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != leader:
                try:
                    group = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[2])
                    words = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if group == leader and b"spawn_main" in words:
                    found.append(int(entry.name))
        return found

    def kill(self, part: str) -> None:
        """Kill -9 the leader of a part, once it is there: it may just be starting again."""
        wait_until(lambda: self.pids(part), 30, f"a running {part}")
        os.kill(self.pids(part)[0], signal.SIGKILL)

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the database, read-only."""
        with closing(sqlite3.connect(f"file:{self.home}/confrere.sqlite3?mode=ro", uri=True, timeout=20)) as database:
            return database.execute(query, values).fetchall()

    def count(self, query: str, *values: object) -> int:
        """The one number a query gives."""
        return int(str(self.rows(query, *values)[0][0]))


@contextmanager
def running_system(home: Path, *options: str) -> Iterator[RunningSystem]:
    """Start the system on free ports and stop it at the end; its log lies beside the home."""
    port, dicom_port = free_ports(2)
    log = home.parent / f"{home.name}.log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONFRERE_")}
    environ.pop("DATABASE_URL", None)
    environ["PYTHONPATH"] = str(ROOT / "src")
    command = [sys.executable, "-m", "confrere", "up", "--home", str(home), "--port", str(port)]
    with log.open("wb") as out:
        parent = subprocess.Popen(
            [*command, "--dicom-port", str(dicom_port), *options], env=environ, stdout=out, stderr=out
        )
        system = RunningSystem(home, port, dicom_port, parent, log)
        try:
            wait_until(lambda: parent.poll() is not None or system.is_healthy(), 60, "healthz 200")
            if parent.poll() is not None:
                raise AssertionError(f"up ended with {parent.returncode}: {log.read_text()[-2000:]}")
            yield system
        finally:
            parent.send_signal(signal.SIGINT)
            try:
                parent.wait(20)
            except subprocess.TimeoutExpired:
                parent.kill()
                parent.wait()
                raise
