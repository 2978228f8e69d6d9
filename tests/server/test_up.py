"""What `up` refuses before anything is started."""

from pathlib import Path

import pytest

from confrere.server.commands.up import unsafe
from confrere.server.configuration import Configuration
from confrere.server.parts import Tokens, all_parts, free_port


def test_production_refuses_a_demo_home(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("sent")
    assert "demo logins" in unsafe(Configuration(home=tmp_path, production=True))
    assert unsafe(Configuration(home=tmp_path)) == ""


@pytest.mark.parametrize("production", [True, False])
def test_plain_http_off_loopback_is_refused(tmp_path: Path, production: bool) -> None:
    assert "loopback" in unsafe(Configuration(home=tmp_path, host="0.0.0.0", production=production))
    assert unsafe(Configuration(home=tmp_path, host="127.0.0.1", production=production)) == ""


def test_only_the_conveyor_is_given_the_token_that_reads_quarantine(tmp_path: Path) -> None:
    tokens = Tokens()
    holders = {
        part.name
        for part in all_parts(Configuration(home=tmp_path), tokens)
        if tokens.clearance in part.environ.values()
    }
    assert holders == {"keybox", "conveyor"}


def test_only_the_web_process_is_given_the_token_that_opens_desk_sheets(tmp_path: Path) -> None:
    tokens = Tokens()
    parts = all_parts(Configuration(home=tmp_path), tokens)
    assert {part.name for part in parts if tokens.desk in part.environ.values()} == {"keybox", "web"}


def test_a_taken_port_is_not_chosen() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        assert free_port("127.0.0.1", port) != port
