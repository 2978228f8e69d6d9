"""A DICOMDIR is made anew from the cleaned files, names the same files, and holds nothing of the old one."""

import json
import shutil
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.fileset import FileSet
from support.dicom_bytes import BIRTH, PATIENT_ID, ROOT
from support.sending import One, file_of, with_text

from confrere.core.terms import Outcome
from confrere.server.bulk.dicomdir import MOST_FILES, directories_of, is_file_id, make_dicomdir
from confrere.server.bulk.manifest import Line
from confrere.server.cli import main

PLANTED = ("Zaveriwal", "Quirina", PATIENT_ID, BIRTH, ROOT)

NUMBERED = {0x00080030: ("TM", "101500"), 0x00200010: ("SH", "QX1"), 0x00200011: ("IS", "4")}


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """A disc of two studies with the directory that pydicom makes of it, and an image beside that will be held."""
    source, originals = tmp_path / "in", tmp_path / "originals"
    originals.mkdir()
    fileset = FileSet()
    for place in range(12):
        one = One(place=place, study=900 + place % 2, series=950 + place % 3, changes=NUMBERED)
        (originals / str(place)).write_bytes(file_of(one))
        fileset.add(originals / str(place))
    fileset.write(source)
    (source / "TEXT").write_bytes(with_text())
    return source


def deidentify(source: Path, target: Path, secret: Path, *options: object) -> dict[str, tuple[str, str]]:
    report = target.parent / "report.json"
    words = [source, target, "--secret-file", secret, "--jobs", "1", "--report", report, *options]
    main(["deidentify", *map(str, words)])
    return {one["path"]: (one["outcome"], one["reason"]) for one in json.loads(report.read_text())["files"]}


def test_the_directory_names_what_is_clean_and_nothing_of_a_patient(medium: Path, tmp_path: Path, secret: Path) -> None:
    original = (medium / "DICOMDIR").read_bytes()
    assert any(word.encode() in original for word in PLANTED)
    ends = deidentify(medium, tmp_path / "out", secret)
    assert ends["DICOMDIR"] == ("clean", "dicomdir-made")
    made = (tmp_path / "out" / "DICOMDIR").read_bytes()
    assert not [word for word in PLANTED if word.encode() in made]
    clean = {path for path, (outcome, _) in ends.items() if outcome == "clean"} - {"DICOMDIR"}
    assert len(clean) == 12
    # Read by its offsets, as a viewer does.
    fileset = FileSet(tmp_path / "out" / "DICOMDIR")
    assert {str(Path(instance.path).relative_to(tmp_path / "out")) for instance in fileset} == clean
    for instance in fileset:
        assert dcmread(instance.path).SOPInstanceUID == instance.SOPInstanceUID
    assert len(fileset.find_values("StudyInstanceUID")) == 2
    assert main(["verify", str(tmp_path / "out"), "--jobs", "1"]) == 0


def test_the_same_medium_gives_the_same_directory(medium: Path, tmp_path: Path, secret: Path) -> None:
    for name in ("one", "two", "two"):
        deidentify(medium, tmp_path / name, secret)
    assert (tmp_path / "one/DICOMDIR").read_bytes() == (tmp_path / "two/DICOMDIR").read_bytes()


def test_a_directory_lies_where_the_old_one_lay(medium: Path, tmp_path: Path, secret: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(medium, archive / "disc 1")
    shutil.copytree(medium, archive / "disc 2")
    ends = deidentify(archive, tmp_path / "out", secret)
    assert ends["disc 1/DICOMDIR"] == ends["disc 2/DICOMDIR"] == ("clean", "dicomdir-made")
    assert len(FileSet(tmp_path / "out" / "disc 2" / "DICOMDIR")) == 12
    assert not (tmp_path / "out" / "DICOMDIR").exists()


def test_the_example_of_another_maker_is_made_anew(tmp_path: Path, secret: Path) -> None:
    found = get_testdata_file("DICOMDIR")
    assert found is not None
    source = tmp_path / "in"
    shutil.copytree(Path(str(found)).parent, source, ignore=shutil.ignore_patterns("DICOMDIR-*", "*.md", "TINY*"))
    ends = deidentify(source, tmp_path / "out", secret, "--profile", "headers")
    assert ends["DICOMDIR"] == ("clean", "dicomdir-made")
    made = (tmp_path / "out" / "DICOMDIR").read_bytes()
    assert b"Doe" not in made
    assert b"77654033" in made  # the name of a folder, which stays
    clean = [path for path, (outcome, _) in ends.items() if outcome == "clean"]
    assert len(FileSet(tmp_path / "out" / "DICOMDIR")) == len(clean) - 1 > 20


@pytest.mark.parametrize("name", ["IM1.dcm", "image001x", "im1", "Müller"])
def test_where_a_name_cannot_stand_in_a_directory_none_is_made(tmp_path: Path, secret: Path, name: str) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "DICOMDIR").write_bytes(b"whatever it is")
    (source / name).write_bytes(file_of(One()))
    ends = deidentify(source, tmp_path / "out", secret)
    assert ends == {"DICOMDIR": ("refused", "dicomdir-not-made"), name: ("clean", "ok")}
    assert not (tmp_path / "out" / "DICOMDIR").exists()


def test_a_directory_that_can_no_longer_be_made_is_taken_away(medium: Path, tmp_path: Path, secret: Path) -> None:
    deidentify(medium, tmp_path / "out", secret)
    (medium / "late.dcm").write_bytes(file_of(One(place=70)))
    assert deidentify(medium, tmp_path / "out", secret)["DICOMDIR"] == ("refused", "dicomdir-not-made")
    assert not (tmp_path / "out" / "DICOMDIR").exists()


def test_a_lone_directory_gives_nothing(tmp_path: Path, secret: Path) -> None:
    (tmp_path / "DICOMDIR").write_bytes(b"whatever it is")
    ends = deidentify(tmp_path / "DICOMDIR", tmp_path / "out", secret)
    assert ends == {"DICOMDIR": ("refused", "dicomdir-not-made")}


def test_names_of_files_are_as_the_standard_has_them() -> None:
    assert is_file_id("A/B/C/D/E/F/G/H")
    assert not is_file_id("A/B/C/D/E/F/G/H/I")
    assert is_file_id("IM_00001")
    assert not is_file_id("IM 00001")
    assert not is_file_id("IM0000001")


def test_a_file_belongs_to_every_directory_above_it() -> None:
    lines = [
        Line("a/b/IM1", "", Outcome.CLEAN, "ok"),
        Line("IM2", "", Outcome.CLEAN, "ok"),
        Line("a/IM3", "", Outcome.HELD, "burned-in-text"),
        Line("a/DICOMDIR", "", Outcome.CLEAN, "dicomdir-made"),
    ]
    found = directories_of(["DICOMDIR", "a/DICOMDIR", "c/DICOMDIR"], lines)
    assert found == {"DICOMDIR": ["a/b/IM1", "IM2"], "a/DICOMDIR": ["b/IM1"], "c/DICOMDIR": []}


def test_too_many_files_make_no_directory(tmp_path: Path) -> None:
    assert not make_dicomdir(tmp_path, "DICOMDIR", ["IM1"] * (MOST_FILES + 1))
