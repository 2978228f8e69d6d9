"""A real key box for tests: one process for the run, reached from each test's own home.

Import the two fixtures into a conftest; `keys` needs a test home in `settings.CONFIGURATION`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from confrere.adapters.keybox import KeyBox
from confrere.apps.clearance import desk_store, examine
from confrere.apps.intake import quarantine
from confrere.server.parts import Tokens
from confrere.server.prepare import make_folders
from confrere.server.scratch import running_keybox

CACHES = (
    quarantine.keybox,
    quarantine.quarantine,
    desk_store.desk_sheets,
    examine._keybox,
    examine._store,
)


@pytest.fixture(scope="session")
def running_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Tokens]]:
    """The key box of this run: its socket and its tokens."""
    configuration = replace(settings.CONFIGURATION, home=tmp_path_factory.mktemp("keys"))
    make_folders(configuration)
    with running_keybox(configuration) as tokens:
        yield configuration.keybox_socket, tokens


def _forget() -> None:
    for cached in CACHES:
        cached.cache_clear()


@pytest.fixture
def keys(running_keys: tuple[Path, Tokens], scratch_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyBox]:
    """A prepared home with the key box behind its socket; this process may act as the conveyor."""
    socket, tokens = running_keys
    make_folders(settings.CONFIGURATION)
    settings.CONFIGURATION.keybox_socket.symlink_to(socket)
    monkeypatch.setenv("CONFRERE_KEYBOX_TOKEN", tokens.clearance)
    _forget()
    yield KeyBox(settings.CONFIGURATION.keybox_socket, tokens.clearance)
    _forget()


@pytest.fixture
def door_token(running_keys: tuple[Path, Tokens], keys: KeyBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process holds the door's token alone, as the node does."""
    monkeypatch.setenv("CONFRERE_KEYBOX_TOKEN", running_keys[1].door)
    _forget()


@pytest.fixture
def desk_token(running_keys: tuple[Path, Tokens], keys: KeyBox, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called, it leaves this process the desk's token alone, as the web process has it."""

    def become_web() -> None:
        monkeypatch.setenv("CONFRERE_KEYBOX_TOKEN", running_keys[1].desk)
        _forget()

    return become_web
