"""The engine's front page: every name it promises is there, and a light one does not bring the engine."""

import subprocess
import sys

import pytest

from confrere.core import deidentify


@pytest.mark.parametrize("name", deidentify.__all__)
def test_every_name_of_the_front_page_is_there(name: str) -> None:
    assert getattr(deidentify, name) is not None


def test_a_name_that_is_not_promised_is_an_error() -> None:
    with pytest.raises(AttributeError):
        _ = deidentify.nothing_of_the_kind


def test_the_names_of_profiles_are_told_without_the_engine() -> None:
    script = "import sys; from confrere.core.deidentify import profile_names; profile_names(); print(*sys.modules)"
    path = {"PYTHONPATH": ":".join(sys.path)}
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=path)
    assert "confrere.core.deidentify.engine" not in loaded.stdout.split()
    assert "pydicom" not in loaded.stdout.split()
