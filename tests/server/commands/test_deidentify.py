"""`confrere deidentify` as a person runs it: by the command script, and with words that make no sense."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import run
from support.sending import One, file_of

from confrere.server.cli import main
from confrere.server.commands.deidentify import secret_at

SOURCE = Path(__file__).resolve().parents[3] / "src"


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """The command that run.py puts into its environment."""
    path = tmp_path / "confrere"
    path.write_text(run.command_script(Path(sys.executable)))
    path.chmod(0o755)
    return path


def test_a_worker_process_that_imports_the_command_starts_nothing(command: Path) -> None:
    # As multiprocessing does in a child that it spawns; `main` would end it with SystemExit.
    assert "main" in runpy.run_path(str(command), run_name="__mp_main__")


def test_the_command_that_run_py_writes_cleans_a_folder_of_several_batches(command: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for place in range(130):
        (source / f"{place:03}.dcm").write_bytes(file_of(One(place=place)))
    done = subprocess.run(
        [command, "deidentify", source, tmp_path / "out", "--jobs", "2", "--json"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["totals"]["clean"] == 130
    assert len(list((tmp_path / "out").glob("*.dcm"))) == 130


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.dcm").write_bytes(file_of(One()))
    return folder


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "dask"])
def test_an_address_that_is_none_is_a_usage_error(source: Path, tmp_path: Path, address: str) -> None:
    assert main(["deidentify", str(source), str(tmp_path / "out"), "--on", address]) == 2
    assert not (tmp_path / "out").exists()


def test_a_cluster_needs_a_secret_that_every_worker_can_read(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deidentify", str(source), str(tmp_path / "out"), "--on", "dask://127.0.0.1:1"]) == 2
    assert "a cluster needs --secret-file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_environment_may_name_the_cluster(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFRERE_EXECUTOR", "dask://127.0.0.1:1")
    assert main(["deidentify", str(source), str(tmp_path / "out")]) == 2
    assert "a cluster needs --secret-file" in capsys.readouterr().err


def test_a_target_that_is_a_file_and_a_report_in_no_folder_are_usage_errors(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert main(["deidentify", str(source), str(tmp_path / "file")]) == 2
    assert main(["deidentify", str(source), str(tmp_path / "out"), "--report", str(tmp_path / "no" / "r.json")]) == 2
    assert not (tmp_path / "out").exists()


def test_the_secret_of_a_run_without_one_is_for_its_owner_only_and_gone_at_the_end() -> None:
    with secret_at(None) as path:
        assert path.stat().st_mode & 0o77 == 0
        assert path.parent.stat().st_mode & 0o77 == 0
        assert len(path.read_text()) == 64
    assert not path.parent.exists()


def test_links_are_passed_over_and_counted(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (source / "link.dcm").symlink_to(source / "one.dcm")
    assert main(["deidentify", str(source), str(tmp_path / "out"), "--jobs", "1"]) == 0
    said = capsys.readouterr()
    assert "1 links or devices in SRC were passed over" in said.err
    # Where no one looks, no line of progress is drawn.
    assert "\r" not in said.err
