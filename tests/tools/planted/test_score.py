"""The score falls for everything that was not done, and for a file that is not there."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from planted.answer_key import answers, elements, write_key
from planted.corpus import Plan, make
from planted.leaks import CLINICAL
from planted.manifest import Manifest
from planted.score import Judge, Output, Score, score_output


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two instances of one patient."""
    folder = tmp_path_factory.mktemp("scored")
    make(folder, Plan(2, 2, 77)).save(folder)
    return folder


def as_asked(ds: Dataset) -> Dataset:
    """The data set with everything done that the key asks for."""
    for path, element in list(elements(ds)):
        if element.VR == "SQ" and "[" not in path:
            del ds[element.tag]
    ds.remove_private_tags()
    for element in list(ds):
        if element.VR == "UI" and not str(element.value).startswith("1.2.840"):
            element.value = f"2.25.{int.from_bytes(str(element.value).encode()[-12:])}"
        elif element.VR in ("DA", "DT") and element.value:
            element.value = f"{int(str(element.value)[:4]) + 400}{str(element.value)[4:]}"
        elif element.VR in ("PN", "LO", "SH", "LT", "ST", "UN") and element.keyword not in CLINICAL:
            element.value = None
    del ds["DataSetTrailingPadding"]
    ds.PatientID = "token"
    return ds


def scored(corpus: Path, folder: Path, change: Callable[[Dataset], object]) -> Score:
    for path in Manifest.load(corpus).files:
        ds = as_asked(pydicom.dcmread(corpus / "in" / path))
        change(ds)
        (folder / "out" / path).parent.mkdir(parents=True, exist_ok=True)
        ds.save_as(folder / "out" / path)
    return score_output(corpus, folder / "out", folder / "key")


def test_what_was_done_as_asked_scores_all(corpus: Path, tmp_path: Path) -> None:
    score = scored(corpus, tmp_path, lambda _ds: None)
    # Four hundred years have 146,097 days whatever the day, so every date has moved alike.
    assert score.failed == {}
    assert score.percent == 100
    for name in ("uid_mapping.csv", "patid_mapping.csv"):
        lines = (tmp_path / "key" / name).read_text().splitlines()
        assert lines[0] == "id_old,id_new"
        assert len(lines) >= 2


@pytest.mark.parametrize(
    ("change", "action"),
    [
        (lambda ds: ds.__delattr__("StudyID"), "tag_retained"),
        (lambda ds: setattr(ds, "Rows", None), "text_notnull"),
        (lambda ds: setattr(ds, "KVP", "119"), "text_retained"),
        (lambda ds: setattr(ds, "StudyDate", "24000101"), "date_shifted"),
        (lambda ds: setattr(ds, "PixelData", b"\0" + ds.PixelData[1:-1] + b"\7"), "pixels_retained"),
        (lambda ds: setattr(ds, "FrameOfReferenceUID", f"2.25.{ds.InstanceNumber}"), "uid_consistent"),
        (lambda ds: setattr(ds, "PatientID", f"token{ds.InstanceNumber}"), "patid_consistent"),
    ],
)
def test_each_action_that_was_not_done_fails(
    corpus: Path, tmp_path: Path, change: Callable[[Dataset], object], action: str
) -> None:
    score = scored(corpus, tmp_path, change)
    assert score.percent < 100
    assert {what.split()[0] for what in score.failed} >= {action}


def test_the_untouched_input_fails_on_every_identifier(corpus: Path, tmp_path: Path) -> None:
    score = score_output(corpus, corpus / "in", tmp_path)
    for action in ("text_removed", "uid_changed", "date_shifted"):
        assert score.done[action] == 0
    assert score.done["text_retained"] == score.asked["text_retained"]


def test_a_file_without_output_fails_everything_asked_of_it(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    score = score_output(corpus, tmp_path / "nothing", tmp_path)
    assert score.asked.total() > 200
    assert score.percent == 0
    assert Score().percent == 0


def test_the_key_is_a_table_of_the_public_validators_shape(corpus: Path, tmp_path: Path) -> None:
    asked = write_key(corpus, tmp_path / "key.db")
    database = sqlite3.connect(tmp_path / "key.db")
    rows = database.execute("select SOPInstanceUID, scope, AnswerData from answer_data").fetchall()
    database.close()
    assert len(rows) == 2
    entries = [entry for row in rows for entry in json.loads(row[2]).values()]
    assert len(entries) == asked
    wanted = {"tag", "tag_ds", "tag_name", "value", "action", "action_text", "answer_category_v2"}
    assert all(set(entry) == wanted for entry in entries)
    paths = {entry["tag_ds"] for entry in entries}
    assert "<(0010,0010)>" in paths
    assert '<(0029,"SHRI RIS 1.0",10)>' in paths
    assert "<(0010,1002)>[<0001>]<(0010,0020)>" in paths


def test_every_plant_in_the_data_set_is_asked_for(corpus: Path) -> None:
    manifest = Manifest.load(corpus)
    path = next(iter(manifest.files))
    ds = pydicom.dcmread(corpus / "in" / path)
    texts = {answer.text for answer in answers(ds, manifest.planted_in(path))}
    dates = {answer.value[:8] for answer in answers(ds, []) if answer.action == "date_shifted"}
    outside = {"preamble", "SourceApplicationEntityTitle", "PrivateInformation"}
    for plant in manifest.planted_in(path):
        assert plant.text in texts | dates or plant.place in outside, plant.place


def test_an_action_without_a_judge_counts_as_not_done() -> None:
    asked = {"tag_ds": "<(7fe0,0010)>", "tag_name": "", "value": "", "action": "pixels_hidden", "action_text": "NAME"}
    assert not Judge().is_done("anyone", asked, Output({}, ""))
