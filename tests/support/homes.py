"""A home of the test's own: its objects lie in a folder that goes with it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from confrere.apps.release import window


@pytest.fixture
def scratch_home(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """The home's folder; passwords are hashed fast, because the real hash would be most of the tests' time."""
    settings.CONFIGURATION = replace(settings.CONFIGURATION, home=tmp_path, objects_url="")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    window.store.cache_clear()
    yield tmp_path
    window.store.cache_clear()
