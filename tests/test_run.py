"""What `run.py` makes is made once, whichever Python starts it."""

import sys
import venv
from pathlib import Path
from typing import NoReturn

import pytest
import run


def fail(*_args: object, **_options: object) -> NoReturn:
    raise AssertionError("the environment was made anew")


def environment_of_this_python(folder: Path) -> Path:
    python = folder / "python"
    python.touch()
    (folder / ".made-by").write_text(f"{sys.version}\n{sys.base_prefix}\n{run.ROOT}\n")
    return python


@pytest.mark.parametrize("prefix", [sys.base_prefix, "in the environment itself"])
def test_the_environment_stays_whether_its_own_python_or_the_one_beneath_starts(
    prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "PYTHON", environment_of_this_python(tmp_path))
    monkeypatch.setattr(venv, "EnvBuilder", fail)
    monkeypatch.setattr(sys, "prefix", prefix)
    run.make_environment()


def test_the_environment_of_another_python_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "PYTHON", environment_of_this_python(tmp_path))
    monkeypatch.setattr(venv, "EnvBuilder", fail)
    monkeypatch.setattr(sys, "version", "2.7")
    with pytest.raises(AssertionError, match="made anew"):
        run.make_environment()
