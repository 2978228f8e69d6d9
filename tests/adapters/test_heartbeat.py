"""A part is alive when it said so a short while ago, and nobody else can say it for it."""

import os
import time
from pathlib import Path

from confrere.adapters.heartbeat import FRESH_S, beat, is_fresh


def beat_before(run: Path, part: str, seconds: float) -> None:
    beat(run, part)
    (file,) = run.glob(f"{part}.*")
    then = time.time() - seconds
    os.utime(file, (then, then))


def test_a_part_that_never_spoke_is_not_alive(tmp_path: Path) -> None:
    assert not is_fresh(tmp_path, "conveyor")
    assert not is_fresh(tmp_path / "no" / "such" / "folder", "conveyor")


def test_a_part_that_just_spoke_is_alive_even_where_no_folder_was(tmp_path: Path) -> None:
    run = tmp_path / "home" / "run"
    beat(run, "conveyor")
    assert is_fresh(run, "conveyor")


def test_one_part_does_not_answer_for_another(tmp_path: Path) -> None:
    beat(tmp_path, "conveyor")
    assert not is_fresh(tmp_path, "dicom-node")


def test_silence_ends_a_life_and_a_new_beat_begins_it_again(tmp_path: Path) -> None:
    beat_before(tmp_path, "conveyor", FRESH_S + 1)
    assert not is_fresh(tmp_path, "conveyor")
    beat(tmp_path, "conveyor")
    assert is_fresh(tmp_path, "conveyor")


def test_the_caller_may_be_more_or_less_patient(tmp_path: Path) -> None:
    beat_before(tmp_path, "conveyor", 60)
    assert is_fresh(tmp_path, "conveyor", within_s=120)
    assert not is_fresh(tmp_path, "conveyor", within_s=30)
