"""A run that was killed or stopped goes on, overwrites nothing foreign, and leaves nothing stale behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from support import dicom_bytes as made
from support.bulk_work import die_writing_once
from support.mortals import mortal_workers
from support.sending import One, file_of, with_text
from support.system import wait_until
from support.trees import files_below, lines_noted

from confrere.core.terms import Outcome
from confrere.server.bulk import cleaning, work
from confrere.server.bulk.cleaning import FileEnd, Order
from confrere.server.bulk.manifest import manifest_folder
from confrere.server.cli import main

ROOT = Path(__file__).resolve().parents[3]
COUNT = 200
PATIENCE_S = 120


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A tree of a few files: three clean, one held."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for place in range(3):
        (folder / "deep" / f"{place}.dcm").write_bytes(file_of(One(place=place)))
    (folder / "text.dcm").write_bytes(with_text())
    return folder


def deidentify(source: Path, target: Path, secret: Path, *options: object) -> int:
    words = [str(source), str(target), "--secret-file", str(secret), "--jobs", "1", *map(str, options)]
    return main(["deidentify", *words])


def test_a_second_run_does_nothing_again_and_tells_the_same(source: Path, tmp_path: Path, secret: Path) -> None:
    target = tmp_path / "out"
    assert deidentify(source, target, secret, "--report", tmp_path / "first.json") == 3
    written = {path: path.stat().st_mtime_ns for path in target.rglob("*.dcm")}
    assert deidentify(source, target, secret, "--report", tmp_path / "second.json") == 3
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*.dcm")} == written
    assert len(lines_noted(target)) == 4
    assert json.loads((tmp_path / "first.json").read_text()) == json.loads((tmp_path / "second.json").read_text())


def test_what_changed_or_is_gone_is_done_again(source: Path, tmp_path: Path, secret: Path) -> None:
    target = tmp_path / "out"
    deidentify(source, target, secret)
    before = files_below(target)
    (target / "deep/0.dcm").unlink()
    (target / "deep/1.dcm").write_bytes(b"cut")
    assert deidentify(source, target, secret) == 3
    assert files_below(target) == before
    # Its new state is held, so what the old one gave has to go.
    (source / "deep/2.dcm").write_bytes(with_text())
    (source / "deep/3.dcm").write_bytes(file_of(One(place=9)))
    (source / "text.dcm").unlink()
    assert deidentify(source, target, secret, "--report", tmp_path / "report.json") == 3
    assert set(files_below(target)) == {"deep/0.dcm", "deep/1.dcm", "deep/3.dcm"}
    assert json.loads((tmp_path / "report.json").read_text())["totals"] == {
        "files": 4,
        "clean": 3,
        "held": 1,
        "refused": 0,
    }


def test_another_secret_profile_or_source_needs_another_target(
    source: Path, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out"
    deidentify(source, target, secret)
    before = files_below(target)
    assert deidentify(source, target, secret, "--profile", "headers") == 2
    assert deidentify(source / "deep", target, secret) == 2
    secret.write_bytes(b"another secret of sixteen bytes")
    assert deidentify(source, target, secret) == 2
    assert main(["deidentify", str(source), str(target), "--jobs", "1"]) == 2
    assert "choose another DST" in capsys.readouterr().err
    assert files_below(target) == before


def test_a_file_that_is_in_the_way_stops_the_run_before_it_begins(
    source: Path, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out"
    (target / "deep").mkdir(parents=True)
    (target / "deep/1.dcm").write_bytes(b"somebody's")
    (target / "readme").write_bytes(b"in nobody's way")
    assert deidentify(source, target, secret) == 2
    told = capsys.readouterr()
    assert "deep/1.dcm" in told.out
    assert "deep/1.dcm" not in told.err
    assert files_below(target) == {"deep/1.dcm": b"somebody's", "readme": b"in nobody's way"}
    assert not (manifest_folder(target)).exists()
    (target / "deep/1.dcm").unlink()
    assert deidentify(source, target, secret) == 3


HELD_UP = (
    "import sys; from support.bulk_work import command_held_up; sys.exit(command_held_up(sys.argv[1], sys.argv[2:]))"
)


def test_a_folder_of_which_nothing_is_clean_is_not_left_even_by_a_run_that_was_stopped(
    source: Path, tmp_path: Path, secret: Path
) -> None:
    target = tmp_path / "out"
    (source / "Zaveriwal^Quirina" / "1").mkdir(parents=True)
    (source / "Zaveriwal^Quirina" / "1" / "text.dcm").write_bytes(with_text())
    assert deidentify(source, target, secret) == 3
    assert [path.name for path in target.iterdir()] == ["deep"]
    # As a run leaves it that is stopped after its last batch.
    (target / "Zaveriwal^Quirina" / "1").mkdir(parents=True)
    assert deidentify(source, target, secret) == 3
    assert [path.name for path in target.iterdir()] == ["deep"]


def test_a_full_disk_stops_the_run_and_holds_no_file(
    source: Path, tmp_path: Path, secret: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A file that was held for it would be passed over when the disk has room again."""
    target = tmp_path / "out"
    side = ("US", made.us(100))
    large = {0x00280010: side, 0x00280011: side, 0x7FE00010: ("OW", made.native_pixels(100, 100))}
    (source / "large.dcm").write_bytes(made.ct_file(large))
    bounded = (
        "import resource, sys; from confrere.server.cli import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)); sys.exit(main(sys.argv[1:]))"
    )
    words = ["deidentify", source, target, "--secret-file", secret, "--jobs", "1"]
    done = subprocess.run(
        [sys.executable, "-c", bounded, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert done.returncode == 1
    told = capfd.readouterr()
    assert "could not be written" in told.err
    assert ".dcm" not in told.out + told.err
    assert lines_noted(target) == []
    assert not any(path.is_file() for path in target.rglob("*"))
    assert deidentify(source, target, secret) == 3


def test_a_target_that_cannot_be_written_is_told_in_words_without_a_path(
    source: Path, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.confrere").write_bytes(b"a file where the folder of the manifest belongs")
    assert deidentify(source, tmp_path / "out", secret) == 1
    assert "could not be read or written" in (told := capsys.readouterr().err)
    assert str(tmp_path) not in told


def start(source: Path, target: Path, secret: Path) -> "subprocess.Popen[str]":
    """A run that does one batch and then waits for the file `go` beside the target."""
    words = ["deidentify", source, target, "--secret-file", secret, "--jobs", "2", "--report", target.parent / "r.json"]
    return subprocess.Popen(
        [sys.executable, "-c", HELD_UP, str(target.parent / "go"), *map(str, words)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A tree of several batches."""
    for number in range(COUNT):
        path = tmp_path / "long" / f"series{number // 64}" / f"{number:03}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_of(One(place=number)))
    return tmp_path / "long"


def wait_for_a_batch(target: Path) -> None:
    wait_until(lambda: lines_noted(target), PATIENCE_S, "a batch was noted")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_was_killed_or_stopped_goes_on_to_the_same_end(
    long: Path, tmp_path: Path, secret: Path, how: signal.Signals
) -> None:
    target = tmp_path / "out"
    run = start(long, target, secret)
    wait_for_a_batch(target)
    # As a terminal does: every process of the run gets it.
    os.killpg(run.pid, how)
    (tmp_path / "go").touch()
    said = run.communicate(timeout=PATIENCE_S)[1]
    assert run.returncode == (-how if how == signal.SIGKILL else 1), said
    if how != signal.SIGKILL:
        assert "the same command again goes on" in said
        assert "Traceback" not in said
    assert not (tmp_path / "r.json").exists()
    assert lines_noted(target)
    (target / "series0" / ".confrere-left").write_bytes(b"half a file")
    assert deidentify(long, target, secret) == 0
    assert deidentify(long, tmp_path / "whole", secret) == 0
    assert files_below(target) == files_below(tmp_path / "whole")
    # Nothing was noted of what the signal itself did to a parser, and nothing twice.
    assert len(lines_noted(target)) == COUNT


def test_a_second_interrupt_ends_the_run_at_once_and_it_goes_on_later(long: Path, tmp_path: Path, secret: Path) -> None:
    target = tmp_path / "out"
    run = start(long, target, secret)
    wait_for_a_batch(target)
    run.send_signal(signal.SIGINT)
    assert run.stderr is not None
    assert any("Stopping" in line for line in run.stderr)
    # No batch ends before the file it waits for is there, so only the second one can end the run.
    run.send_signal(signal.SIGINT)
    assert run.wait(PATIENCE_S) == 1
    run.communicate()
    assert deidentify(long, target, secret) == 0
    assert len(files_below(target)) == COUNT


def test_a_file_that_cannot_be_read_is_held_and_the_others_of_its_batch_are_done(
    source: Path, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_disk(order: Order, paths: list[str]) -> list[FileEnd]:
        if any(path.endswith("1.dcm") for path in paths):
            raise OSError(5, "Input/output error")
        return cleaning.clean_batch(order, paths)

    monkeypatch.setattr(work, "clean_batch", broken_disk)
    monkeypatch.setattr(work, "_can_be_read", lambda path: not path.name.endswith("1.dcm"))
    assert deidentify(source, tmp_path / "out", secret, "--report", tmp_path / "report.json") == 3
    told = {one["path"]: one["reason"] for one in json.loads((tmp_path / "report.json").read_text())["files"]}
    assert told == {
        "deep/0.dcm": "ok",
        "deep/1.dcm": "not-readable",
        "deep/2.dcm": "ok",
        "text.dcm": "burned-in-text",
    }


def test_a_full_disk_stops_the_run_in_words_and_notes_nothing(
    source: Path,
    tmp_path: Path,
    secret: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(order: Order, paths: list[str]) -> list[FileEnd]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(work, "clean_batch", full)
    assert deidentify(source, tmp_path / "out", secret) == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "goes on" in said
    assert len(lines_noted(tmp_path / "out")) == 0


def test_a_worker_that_sees_other_things_than_we_do_does_nothing(source: Path, tmp_path: Path, secret: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    order, same = Order(source, target, secret, "strict"), work.Same("0.1.0", "no mark of this secret")
    assert "another secret" in work.do_batch(order, same, ["deep/0.dcm"]).fault
    same = work.Same("9.9", work.key_mark(secret.read_bytes()))
    assert "another version" in work.do_batch(order, same, ["deep/0.dcm"]).fault
    secret.unlink()
    assert "cannot read the secret" in work.do_batch(order, same, ["deep/0.dcm"]).fault
    shutil.rmtree(source)
    assert "SRC and DST" in work.do_batch(order, same, ["deep/0.dcm"]).fault
    assert files_below(target) == {}


def test_a_worker_never_raises_so_that_no_log_quotes_a_path(
    source: Path, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(order: Order, paths: list[str]) -> list[FileEnd]:
        raise ValueError(paths[0])

    monkeypatch.setattr(work, "clean_batch", failing)
    order = Order(source, source, secret, "strict")
    done = work.do_batch(order, work.Same(work.__version__, work.key_mark(secret.read_bytes())), ["deep/0.dcm"])
    assert done == work.Done(fault="a worker failed: ValueError")


def test_nothing_is_left_of_a_file_that_is_no_longer_clean(source: Path, tmp_path: Path, secret: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "text.dcm").write_bytes(b"of an earlier state")
    same = work.Same(work.__version__, work.key_mark(secret.read_bytes()))
    done = work.do_batch(Order(source, target, secret, "strict"), same, ["text.dcm"])
    assert [end.outcome for end in done.ends] == [Outcome.HELD]
    assert not (target / "text.dcm").exists()


def test_no_folder_is_left_of_files_of_which_none_was_clean(source: Path, tmp_path: Path, secret: Path) -> None:
    letters = source / "Zaveriwal Quirina" / "letters"
    letters.mkdir(parents=True)
    (letters / "one.txt").write_bytes(b"Dear colleague,")
    (source / "deep" / "two.txt").write_bytes(b"Dear colleague,")
    assert deidentify(source, tmp_path / "out", secret) == 4
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"deep"}


def test_what_a_worker_that_died_was_writing_is_swept(
    long: Path, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    monkeypatch.setattr("confrere.server.bulk.tree.do_batch", partial(die_writing_once, tmp_path))
    monkeypatch.setattr("confrere.server.commands.deidentify.workers_at", mortal_workers)
    assert main(["deidentify", str(long), str(target), "--secret-file", str(secret), "--jobs", "2"]) == 0
    assert (tmp_path / "died").exists()
    assert len(files_below(target)) == COUNT
    assert not list(target.rglob(".confrere-*"))
