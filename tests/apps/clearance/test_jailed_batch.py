"""A batch in the jail: each file by itself, the second look over the series, nothing that names a patient told."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from support import dicom_bytes as made
from support.sending import with_text

from confrere.apps.clearance import jailed_batch
from confrere.apps.clearance.jailed_batch import deidentify_files
from confrere.apps.clearance.second_look import SecondLook
from confrere.core.deidentify import HEADERS, Keys, deidentify_instance, profile_names
from confrere.core.deidentify.splice import Spliced
from confrere.core.dicom.passages import Passage

SECRET = "11" * 32
ARGS = {"secret": SECRET, "profile": "headers"}
Told = tuple[list[tuple[str, str, int | None]], list[dict[str, object]], list[bytes]]


@pytest.fixture(autouse=True)
def nothing_learnt_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed_batch, "_SPLICERS", {})


def done(tmp_path: Path, contents: Sequence[bytes], profile: str = "headers") -> Told:
    """(ends, records, what was written) for a batch of files with `contents`."""
    handles = []
    for number, content in enumerate(contents):
        (tmp_path / f"in{number}").write_bytes(content)
        handles.append(os.open(tmp_path / f"in{number}", os.O_RDONLY))
        handles.append(os.open(tmp_path / f"out{number}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
    try:
        value, blobs = deidentify_files([], {**ARGS, "profile": profile}, handles)
    finally:
        for handle in handles:
            os.close(handle)
    assert blobs == []
    told = json.loads(json.dumps(value))
    written = [(tmp_path / f"out{number}").read_bytes() for number in range(len(contents))]
    return [tuple(end) for end in told["ends"]], told["records"], written


def slices(count: int) -> list[bytes]:
    return [
        made.ct_file({0x00080018: ("UI", f"{made.ROOT}.8.{number}"), 0x00200013: ("IS", str(number))})
        for number in range(count)
    ]


def test_a_series_comes_out_clean_and_shares_its_record(tmp_path: Path) -> None:
    contents = slices(6)
    ends, records, written = done(tmp_path, contents)
    assert {end[:2] for end in ends} == {("clean", "ok")}
    assert len(records) < len(contents)
    assert all(number is not None for _, _, number in ends)
    for content, output in zip(contents, written, strict=True):
        assert output == deidentify_instance(content, keys=Keys(bytes.fromhex(SECRET), ""), profile=HEADERS).content
    told = json.dumps([ends, records])
    assert not [value for value in (made.PATIENT_ID, "Zaveriwal", made.BIRTH, made.ROOT) if value in told]


def test_a_file_that_cannot_be_done_stops_no_other(tmp_path: Path) -> None:
    good, also_good = slices(2)
    ends, _, _ = done(
        tmp_path, [good, b"", good[:-40], b"no DICOM at all", made.ct_file({0x00100020: None}), also_good]
    )
    assert [end[:2] for end in ends] == [
        ("clean", "ok"),
        ("refused", "empty-file"),
        ("refused", "truncated"),
        ("refused", "not-dicom"),
        ("held", "patient-unknown"),
        ("clean", "ok"),
    ]


def test_strict_holds_what_may_carry_text_and_headers_stamps_it(tmp_path: Path) -> None:
    assert done(tmp_path, [with_text()], "strict")[0] == [("held", "burned-in-text", None)]
    ends, records, written = done(tmp_path, [with_text()], "headers")
    assert ends[0][0] == "clean"
    assert records[0]["profile"] == "headers"
    assert made.SECONDARY_CAPTURE.encode() in written[0]


@pytest.mark.parametrize("profile", profile_names()[1:])
def test_what_an_option_keeps_on_purpose_does_not_hold_its_file(tmp_path: Path, profile: str) -> None:
    ends, records, written = done(tmp_path, slices(4), profile)
    assert {end[0] for end in ends} == {"clean"}
    assert {record["profile"] for record in records} == {profile}
    assert not [output for output in written if made.NAME.encode() in output]


def test_an_engine_that_forgets_a_name_in_one_instance_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SecondLook.read

    def of_a_forgetful_engine(second: SecondLook, spliced: Spliced, name: str) -> None:
        if name == "3":
            left = Passage(b"", made.element(0x00102000, "LO", "seen by Quirina Zaveriwal"))
            spliced = replace(spliced, passages=(*spliced.passages, left))
        read(second, spliced, name)

    monkeypatch.setattr(SecondLook, "read", of_a_forgetful_engine)
    ends, _, _ = done(tmp_path, slices(5))
    assert ends[3] == ("held", "residual-found", None)
    assert {end[0] for number, end in enumerate(ends) if number != 3} == {"clean"}


def test_pixels_longer_than_the_head_are_copied_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailed_batch, "HEAD", 1200)
    contents = [
        made.part10(
            made.dataset({0x00280101: ("US", made.us(16)), 0x00280102: ("US", made.us(15))}, rows=64, columns=64)
        )
        for _ in range(2)
    ]
    _, _, written = done(tmp_path, contents)
    assert all(output.endswith(made.native_pixels(64, 64)) for output in written)


def test_pixels_are_copied_by_hand_where_the_kernel_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_told: object) -> int:
        raise OSError(jailed_batch.errno.EXDEV, "another file system")

    monkeypatch.setattr(jailed_batch, "HEAD", 1200)
    monkeypatch.setattr(jailed_batch.os, "copy_file_range", cannot)
    _, _, written = done(tmp_path, [made.part10(made.dataset(rows=64, columns=64))])
    assert written[0].endswith(made.native_pixels(64, 64))


def test_words_in_compressed_frames_are_blank_in_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jailed_batch, "HEAD", 1200)
    out = BytesIO()
    Image.new("L", (8, 8), 40).save(out, "JPEG", comment=made.NAME.encode() * 40)
    content = made.ct_file(made.eight_bit(made.encapsulated(out.getvalue())), made.JPEG)
    ends, records, (written,) = done(tmp_path, [content])
    assert ends[0][:2] == ("clean", "ok")
    assert records[0]["pixels"] == "stream-words-cleared"
    assert written == deidentify_instance(content, keys=Keys(bytes.fromhex(SECRET), ""), profile=HEADERS).content
