"""A manifest remembers what is done, survives a torn end, is small, and belongs to runs of one kind."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from confrere.core.terms import Outcome
from confrere.server.bulk.cleaning import FileEnd
from confrere.server.bulk.manifest import MANIFEST, Conditions, Manifest, NotThisRun, manifest_folder

CONDITIONS = Conditions("0.1.0", "2026c", "strict", "k" * 32, "s" * 32)
RECORD: dict[str, object] = {"edition": "2026c", "kept": 41}


def clean(path: str, record: dict[str, object] = RECORD) -> FileEnd:
    return FileEnd(path, Outcome.CLEAN, "ok", record)


def write(target: Path, *ends: FileEnd, size: int = 7) -> None:
    with Manifest(target, CONDITIONS) as manifest:
        for end in ends:
            manifest.saw(end.path)
        manifest.append(["mark"] * len(ends), list(ends), [size if end.outcome == "clean" else -1 for end in ends])


def test_what_is_done_is_known_by_its_path_input_and_output(tmp_path: Path) -> None:
    held = FileEnd("held", Outcome.HELD, "burned-in-text")
    write(tmp_path, clean("a"), held)
    with Manifest(tmp_path, CONDITIONS) as manifest:
        assert manifest.resumed
        assert manifest.is_done("a", "mark", 7)
        assert manifest.is_done("held", "mark", -1)
        # Another input, an output that is gone or cut, another path.
        assert not manifest.is_done("a", "other", 7)
        assert not manifest.is_done("a", "mark", -1)
        assert not manifest.is_done("a", "mark", 6)
        assert not manifest.is_done("b", "mark", 7)


def test_a_torn_last_line_is_cut_off_and_written_over(tmp_path: Path) -> None:
    write(tmp_path, clean("a"), clean("b"))
    whole = (manifest_folder(tmp_path) / MANIFEST).read_bytes()
    for cut in range(1, 40):
        (manifest_folder(tmp_path) / MANIFEST).write_bytes(whole[:-cut])
        write(tmp_path, clean("c"))
        with Manifest(tmp_path, CONDITIONS) as manifest:
            for path in "abc":
                manifest.saw(path)
            assert [line.path for line in manifest.lines()] == ["a", "c"]


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b"garbage", b'{"path":1}', b"\xff\xfe", b'{"path":"a","input":"b","outcome":"x"}']
)
def test_a_manifest_that_cannot_be_read_is_told_in_words(tmp_path: Path, line: bytes) -> None:
    write(tmp_path, clean("a"))
    with (manifest_folder(tmp_path) / MANIFEST).open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(NotThisRun, match="cannot be read"):
        Manifest(tmp_path, CONDITIONS)


def test_records_that_are_lost_are_not_numbered_again(tmp_path: Path) -> None:
    """Else a file would be told of with another's record."""
    write(tmp_path, clean("a"), clean("b", {"kept": 2}))
    records = manifest_folder(tmp_path) / "records.jsonl"
    records.write_bytes(records.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(NotThisRun, match="cannot be read"):
        Manifest(tmp_path, CONDITIONS)


def test_a_torn_record_is_cut_off_too(tmp_path: Path) -> None:
    write(tmp_path, clean("a"))
    with (manifest_folder(tmp_path) / "records.jsonl").open("ab") as records:
        records.write(b'{"id":2,"dig')
    write(tmp_path, clean("b", {"kept": 2}))
    with Manifest(tmp_path, CONDITIONS) as manifest:
        assert manifest.records() == {0: {}, 1: RECORD, 2: {"kept": 2}}


@pytest.mark.parametrize("part", ["version", "edition", "profile", "key", "source"])
def test_another_policy_is_turned_away_and_changes_nothing(tmp_path: Path, part: str) -> None:
    write(tmp_path, clean("a"))
    before = (manifest_folder(tmp_path) / MANIFEST).read_bytes()
    with pytest.raises(NotThisRun):
        Manifest(tmp_path, replace(CONDITIONS, **{part: "other"}))
    assert (manifest_folder(tmp_path) / MANIFEST).read_bytes() == before


def test_two_runs_do_not_work_on_one_target_at_once(tmp_path: Path) -> None:
    with Manifest(tmp_path, CONDITIONS), pytest.raises(NotThisRun, match="at work"):
        Manifest(tmp_path, CONDITIONS)


def test_the_next_run_waits_a_moment_for_the_last_child_of_a_killed_one(tmp_path: Path) -> None:
    dying = Manifest(tmp_path, CONDITIONS)
    dying.__enter__()
    leaving = threading.Timer(0.2, dying.__exit__)
    leaving.start()
    with Manifest(tmp_path, CONDITIONS) as manifest:
        assert manifest.resumed
    leaving.join()


def test_the_last_line_of_a_path_counts_and_only_paths_this_run_met(tmp_path: Path) -> None:
    write(tmp_path, clean("a"), clean("gone"), FileEnd("b", Outcome.HELD, "burned-in-text"))
    write(tmp_path, clean("b"))
    with Manifest(tmp_path, CONDITIONS) as manifest:
        manifest.saw("a")
        manifest.saw("b")
        assert [(line.path, line.outcome) for line in manifest.lines()] == [("a", "clean"), ("b", "clean")]


def test_a_run_that_met_nothing_tells_of_nothing(tmp_path: Path) -> None:
    write(tmp_path, clean("a"))
    with Manifest(tmp_path, CONDITIONS) as manifest:
        assert list(manifest.lines()) == []


def test_a_record_is_kept_once_and_an_instance_costs_little(tmp_path: Path) -> None:
    ends = [clean(f"ARCHIVE/PATIENT{n // 500:04}/SERIES{n // 50:04}/IM{n:06}", {"kept": n // 50}) for n in range(5000)]
    write(tmp_path, *ends)
    records = (manifest_folder(tmp_path) / "records.jsonl").read_bytes()
    assert records.count(b"\n") == 100
    assert (manifest_folder(tmp_path) / MANIFEST).stat().st_size / 5000 < 150


def test_only_its_owner_can_read_a_manifest(tmp_path: Path) -> None:
    write(tmp_path, clean("a"))
    folder = manifest_folder(tmp_path)
    assert folder.stat().st_mode & 0o77 == 0
    assert [path.stat().st_mode & 0o77 for path in folder.iterdir()] == [0, 0]
