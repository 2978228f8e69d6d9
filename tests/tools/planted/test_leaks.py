"""The leak scanner bites: a planted value that is left in is found, whole or in another spelling, wherever it went."""

import json
import shutil
from pathlib import Path

import pydicom
import pytest

from planted.__main__ import main
from planted.leaks import Scanner, spellings
from planted.manifest import Manifest
from planted.people import Plant


@pytest.fixture
def emptied(small_corpus: Path, tmp_path: Path) -> Path:
    """An output with clinical elements and pixels, and nothing that was planted."""
    out = tmp_path / "out"
    for path in Manifest.load(small_corpus).files:
        ds = pydicom.dcmread(small_corpus / "in" / path)
        clean = pydicom.Dataset()
        clean.file_meta = pydicom.dataset.FileMetaDataset()
        clean.file_meta.TransferSyntaxUID = ds.file_meta.TransferSyntaxUID
        clean.SOPInstanceUID = clean.StudyInstanceUID = "1.2.3"
        for element in ds:
            if element.tag.group in (0x0018, 0x0028, 0x7FE0) and element.keyword not in ("ProtocolName", "DeviceUID"):
                clean.add(element)
        for keyword in ("SOPClassUID", "Modality", "ImageType", "Manufacturer", "InstanceNumber", "SliceLocation"):
            clean[keyword] = ds[keyword]
        for keyword in ("ImagePositionPatient", "ImageOrientationPatient"):
            if keyword in ds:
                clean[keyword] = ds[keyword]
        for keyword in ("DeviceSerialNumber", "AcquisitionComments", "ContrastBolusAgent", "StationName"):
            if keyword in clean:
                del clean[keyword]
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        clean.save_as(out / path, enforce_file_format=True)
    return out


def first_name(corpus: Path) -> tuple[str, str]:
    """A file and the name planted in it."""
    manifest = Manifest.load(corpus)
    path = next(iter(manifest.files))
    return path, next(plant.text for plant in manifest.planted_in(path) if plant.place == "PatientName")


def append(file: Path, content: bytes) -> None:
    file.write_bytes(file.read_bytes() + content)


def test_an_output_without_anything_planted_has_no_leak(small_corpus: Path, emptied: Path) -> None:
    tally = Scanner(small_corpus).scan(emptied)
    assert (tally.files, tally.missing, tally.leaks, tally.unreadable) == (6, [], 0, [])
    assert tally.clinical_kept == tally.clinical_there
    assert tally.pixels_same == 6


def test_the_input_itself_leaks_everything(small_corpus: Path) -> None:
    for edge, folder in ((False, "in"), (True, "edge")):
        tally = Scanner(small_corpus, edge=edge).scan(small_corpus / folder)
        assert tally.leaks == tally.planted.total()


@pytest.mark.parametrize(
    "spelled",
    [
        lambda name: name.encode(),
        lambda name: name.upper().encode(),
        lambda name: name.replace("^", " ").encode("utf-16-le"),
        lambda name: " ".join(reversed(name.split("^"))).encode(),
        lambda name: name.split()[-1].lower().encode("utf-16-be"),
    ],
)
def test_a_name_left_in_is_found_in_every_spelling(small_corpus: Path, emptied: Path, spelled: object) -> None:
    path, name = first_name(small_corpus)
    append(emptied / path, spelled(name))  # type: ignore[operator]
    tally = Scanner(small_corpus).scan(emptied)
    assert tally.places == {"std: PatientName": 1}


def test_a_value_in_a_file_beside_the_output_is_found(small_corpus: Path, emptied: Path) -> None:
    _path, name = first_name(small_corpus)
    (emptied / "crosswalk.csv").write_text(name)
    tally = Scanner(small_corpus).scan(emptied)
    assert tally.strangers == 1
    assert tally.leaks == 1


def test_a_renamed_output_is_matched_by_its_pixels_and_a_lost_one_is_named(small_corpus: Path, emptied: Path) -> None:
    paths = sorted(Manifest.load(small_corpus).files)
    (emptied / paths[0]).rename(emptied / "other-name")
    (emptied / paths[1]).unlink()
    tally = Scanner(small_corpus).scan(emptied)
    assert (tally.files, tally.strangers, tally.missing) == (5, 0, [paths[1]])


def test_lost_elements_changed_pixels_and_unreadable_files_are_counted(small_corpus: Path, emptied: Path) -> None:
    paths = sorted(Manifest.load(small_corpus).files)
    ds = pydicom.dcmread(emptied / paths[0])
    del ds.WindowCenter
    ds.PixelData = b"\1" + ds.PixelData[1:]
    ds.save_as(emptied / paths[0])
    (emptied / paths[1]).write_bytes(b"no file of PS3.10")
    tally = Scanner(small_corpus).scan(emptied)
    assert tally.clinical_lost["WindowCenter"] == 2
    assert tally.pixels_same == 4
    assert tally.unreadable == [paths[1]]


@pytest.mark.parametrize(
    ("category", "text", "spelled"),
    [
        ("std", "+91 9811122334", b"9811122334"),
        ("free", "2345 6789 0124", b"234567890124"),
        ("free", "2345 6789 0124", b"2345-6789-0124"),
        ("date", "20240131", b"31/01/2024"),
        ("date", "20240131", b"2024-01-31"),
        ("std", "UHID20240000001", b"uhid20240000001"),
    ],
)
def test_phones_numbers_and_dates_are_searched_as_people_write_them(category: str, text: str, spelled: bytes) -> None:
    assert spelled in spellings(Plant(category, "somewhere", text, text.encode()))


def test_the_commands_make_a_corpus_and_say_what_leaked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "c"
    assert main(["make", str(corpus), "--n", "2", "--per-series", "2", "--seed", "3"]) == 0
    assert "seed 3: 2 instances" in capsys.readouterr().out
    assert main(["leaks", str(corpus), str(corpus / "in"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["leaked"] == 146
    (tmp_path / "empty").mkdir()
    assert main(["leaks", str(corpus), str(tmp_path / "empty")]) == 0
    assert "2 of the corpus without output" in capsys.readouterr().out
    shutil.rmtree(corpus)
