"""A scratch home with a real key box and database, gone when it is left; for the command line and tests."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confrere.adapters.keybox import KeyBox
from confrere.core.terms import Broken
from confrere.server.configuration import Configuration, as_environ
from confrere.server.parts import Tokens
from confrere.server.prepare import make_folders

START_S = 15.0


@contextmanager
def running_keybox(configuration: Configuration) -> Iterator[Tokens]:
    """A key box of our own for this home, stopped at the end."""
    tokens = Tokens()
    environ = {
        **os.environ,
        **as_environ(configuration),
        "CONFRERE_KEYBOX_DOOR_TOKEN": tokens.door,
        "CONFRERE_KEYBOX_DESK_TOKEN": tokens.desk,
        "CONFRERE_KEYBOX_CLEARANCE_TOKEN": tokens.clearance,
    }
    command = [sys.executable, "-m", "confrere.adapters.keybox", "--home", str(configuration.home)]
    child = subprocess.Popen(command, env=environ)  # our own command
    try:
        _wait_for(configuration.keybox_socket, tokens.door)
        yield tokens
    finally:
        child.terminate()
        child.wait(10)


def _wait_for(socket: Path, token: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            KeyBox(socket, token).ping()
            return
        except Broken:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextmanager
def scratch_home() -> Iterator[Configuration]:
    """A new home in a temporary folder with its key box running; this process may act as the conveyor."""
    with tempfile.TemporaryDirectory(prefix="confrere-") as folder:
        configuration = Configuration(home=Path(folder).resolve() / "home")
        make_folders(configuration)
        with running_keybox(configuration) as tokens:
            os.environ["CONFRERE_KEYBOX_TOKEN"] = tokens.clearance
            yield configuration
