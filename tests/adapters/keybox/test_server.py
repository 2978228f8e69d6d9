"""The running key box: who may ask what, and what a stranger or a crash can do."""

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from confrere.adapters.keybox import KeyBox, KeyDestroyed, wire
from confrere.adapters.keybox.server import KeyBoxServer
from confrere.adapters.keybox.vault import Vault
from confrere.core.terms import Broken

DOOR, DESK, CLEARANCE = "d" * 40, "e" * 40, "c" * 40


class Box:
    """A key box process over one home folder, which a test may kill and start again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.socket = home / "run" / "keybox.sock"
        self.clients: list[KeyBox] = []
        self.process = self.begin(DOOR, CLEARANCE)

    def begin(self, door: str, clearance: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "confrere.adapters.keybox", "--home", str(self.home)],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "CONFRERE_KEYBOX_DOOR_TOKEN": door,
                "CONFRERE_KEYBOX_DESK_TOKEN": DESK,
                "CONFRERE_KEYBOX_CLEARANCE_TOKEN": clearance,
            },
            stderr=subprocess.PIPE,
        )

    def client(self, token: str = CLEARANCE) -> KeyBox:
        box = KeyBox(self.socket, token)
        self.clients.append(box)
        deadline = time.monotonic() + 10
        while True:
            try:
                box.ping()
            except Broken as error:
                if not error.retryable:
                    return box
                assert time.monotonic() < deadline, "the key box did not start"
                time.sleep(0.02)
            else:
                return box

    def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
            self.process.communicate()

    def restart(self) -> None:
        self.kill()
        self.process = self.begin(DOOR, CLEARANCE)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    running = Box(tmp_path)
    yield running
    running.kill()
    for client in running.clients:
        client.close()


def test_a_door_can_make_keys_and_not_read_them(box: Box) -> None:
    door, clearance = box.client(DOOR), box.client(CLEARANCE)
    public = door.create("in-1")
    assert len(public) == 32
    assert clearance.create("in-1") == public
    for ask in (door.private_key, door.institution_secret, door.destroy):
        with pytest.raises(Broken, match="may not") as caught:
            ask("in-1")
        assert not caught.value.retryable
    assert len(clearance.private_key("in-1")) == 32
    assert len(clearance.institution_secret("gmc")) == 32
    clearance.destroy("in-1")
    for late in (door.create, clearance.private_key):
        with pytest.raises(KeyDestroyed):
            late("in-1")
    with pytest.raises(Broken, match="no such key"):
        clearance.private_key("never")
    with pytest.raises(Broken, match="not a name"):
        door.create("../x")


def test_the_desk_opens_its_own_sheets_and_no_original(box: Box) -> None:
    clearance, desk, door = box.client(), box.client(DESK), box.client(DOOR)
    clearance.create("in-1")
    with pytest.raises(Broken, match="no such key"):
        desk.desk_key("in-1")
    public = clearance.open_desk("in-1")
    assert X25519PrivateKey.from_private_bytes(desk.desk_key("in-1")).public_key().public_bytes_raw() == public
    assert desk.desk_key("in-1") != clearance.private_key("in-1")
    for ask in (desk.private_key, desk.institution_secret, desk.destroy, desk.open_desk, door.desk_key, door.open_desk):
        with pytest.raises(Broken, match="may not ask"):
            ask("in-1")
    clearance.destroy("in-1")
    for ask in (desk.desk_key, clearance.open_desk):
        with pytest.raises(KeyDestroyed):
            ask("in-1")


@pytest.mark.parametrize("token", ["", "wrong", "d" * 39, "é" * 40, "\ud800"])
def test_a_wrong_token_opens_nothing(box: Box, token: str) -> None:
    stranger = box.client(token)
    for ask in (stranger.create, stranger.private_key, stranger.institution_secret, stranger.destroy):
        with pytest.raises(Broken):
            ask("in-1")


def test_keys_survive_kill_9_and_the_client_finds_its_way_back(box: Box) -> None:
    client = box.client()
    public, secret = client.create("in-1"), client.institution_secret("gmc")
    client.destroy("in-2")
    box.kill()
    with pytest.raises(Broken, match="no answer") as caught:
        client.create("in-1")
    assert caught.value.retryable
    box.restart()
    box.client()
    assert client.create("in-1") == public
    assert client.institution_secret("gmc") == secret
    with pytest.raises(KeyDestroyed):
        client.create("in-2")


def test_a_client_outlives_a_restart_it_did_not_see(box: Box) -> None:
    client = box.client()
    public = client.create("in-1")
    box.restart()
    box.client()
    assert client.create("in-1") == public


def test_an_oversized_or_garbled_message_ends_its_own_line_only(box: Box) -> None:
    client = box.client()
    for nonsense in (struct.pack(">I", 1 << 30), struct.pack(">I", 4) + b"nope", b"GET / HTTP/1.1\r\n\r\n"):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(box.socket))
            line.sendall(nonsense)
            with suppress(ConnectionResetError):  # the box hung up with bytes of ours unread
                assert line.recv(1) == b""
    client.ping()


def test_silent_connections_do_not_keep_others_out(box: Box) -> None:
    client = box.client()
    silent = []
    for _ in range(40):
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(box.socket))
        silent.append(line)
    client.create("in-1")
    box.client(DOOR).create("in-1")
    for line in silent:
        line.close()


def test_many_doors_at_once_get_one_key(box: Box) -> None:
    box.client()
    found: list[bytes] = []

    def ask() -> None:
        door = KeyBox(box.socket, DOOR)
        found.extend(door.create("in-1") for _ in range(10))
        door.close()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 120
    assert len(set(found)) == 1


def test_socket_and_memory_are_closed_to_others(box: Box) -> None:
    box.client()
    assert box.socket.stat().st_mode & 0o777 == 0o600
    assert box.socket.parent.stat().st_mode & 0o777 == 0o700
    if sys.platform == "linux":
        limits = Path(f"/proc/{box.process.pid}/limits").read_text().splitlines()
        core = next(line for line in limits if line.startswith("Max core file size"))
        assert core.split()[4:6] == ["0", "0"]
        # Not dumpable: the kernel gives the process's /proc files to root.
        assert Path(f"/proc/{box.process.pid}/environ").stat().st_uid == 0


def test_one_home_has_one_key_box(box: Box) -> None:
    box.client()
    second = box.begin(DOOR, CLEARANCE)
    _, said = second.communicate(timeout=10)
    assert second.returncode == 1
    assert b"another key box" in said
    box.client().ping()


def test_it_stops_cleanly_when_asked(box: Box) -> None:
    box.client().create("in-1")
    box.process.send_signal(signal.SIGTERM)
    _, said = box.process.communicate(timeout=10)
    assert (box.process.returncode, said) == (0, b"")
    assert not box.socket.exists()


@pytest.mark.parametrize(
    "tokens",
    [("", "", ""), ("short", "e" * 40, "c" * 40), ("d" * 40, "e" * 40, "d" * 40), ("d" * 40, "c" * 40, "c" * 40)],
)
def test_it_does_not_start_with_missing_short_or_equal_tokens(tmp_path: Path, tokens: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="token"):
        KeyBoxServer(
            tmp_path / "s", Vault(tmp_path / "k"), dict(zip(("door", "desk", "clearance"), tokens, strict=True))
        )


def test_a_stranger_of_another_user_is_not_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(tmp_path / "k")
    with KeyBoxServer(tmp_path / "s", vault, {"door": DOOR, "desk": DESK, "clearance": CLEARANCE}) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            client = KeyBox(tmp_path / "s", DOOR)
            client.ping()
            client.close()
            us = os.getuid()
            monkeypatch.setattr("confrere.adapters.keybox.server.os.getuid", lambda: us + 1)
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(tmp_path / "s"))
                line.settimeout(5)
                with pytest.raises((wire.WireError, OSError)):
                    wire.send(line, {"token": DOOR, "verb": "ping", "id": ""})
                    wire.receive(line)
        finally:
            server.shutdown()
            thread.join()
