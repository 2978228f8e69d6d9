"""What the client does when the box is silent, odd or shared with a forked worker."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from confrere.adapters.keybox import KeyBox, wire
from confrere.core.terms import Broken


def answering(path: Path, reply: Callable[[dict[str, str]], dict[str, str] | None]) -> threading.Thread:
    """A stand-in box that answers by `reply`, hanging up where that is None; ends after two connections."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    server.settimeout(3)

    def serve() -> None:
        with server:
            for _ in range(2):
                try:
                    line, _ = server.accept()
                except TimeoutError:
                    return
                with line:
                    try:
                        while (answer := reply(wire.receive(line))) is not None:
                            wire.send(line, answer)
                    except (wire.WireError, OSError):
                        continue

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_a_box_that_is_down_is_worth_another_try(tmp_path: Path) -> None:
    with pytest.raises(Broken) as caught:
        KeyBox(tmp_path / "nothing", "t").ping()
    assert caught.value.retryable


@pytest.mark.parametrize("reply", [{"value": "!"}, {}, {"error": "surprise"}])
def test_an_odd_answer_is_broken(tmp_path: Path, reply: dict[str, str]) -> None:
    thread = answering(tmp_path / "s", lambda _: reply)
    client = KeyBox(tmp_path / "s", "t")
    with pytest.raises(Broken, match="unexpected answer"):
        client.create("a")
    client.close()
    with socket.socket(socket.AF_UNIX) as last:
        last.connect(str(tmp_path / "s"))
    thread.join()


def test_a_hang_up_is_tried_once_more_and_no_more(tmp_path: Path) -> None:
    asked: list[str] = []
    thread = answering(tmp_path / "s", lambda message: asked.append(message["id"]))
    with pytest.raises(Broken, match="no answer"):
        KeyBox(tmp_path / "s", "t").create("a")
    thread.join()
    assert asked == ["a", "a"]


def test_a_forked_worker_takes_a_line_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = answering(tmp_path / "s", lambda _: {"value": ""})
    client = KeyBox(tmp_path / "s", "t")
    client.ping()
    before = client._connection
    with monkeypatch.context() as patched:
        patched.setattr(os, "getpid", lambda: -1)
        client.ping()
        assert client._connection is not before
    client.close()
    thread.join()
