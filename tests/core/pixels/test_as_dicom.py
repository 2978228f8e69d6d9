"""An approved picture becomes an instance that every reader and an independent validator accept."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest

from confrere.core.dicom.clinical import clinical_facts
from confrere.core.dicom.families import Family, family_of
from confrere.core.dicom.inspect import inspect_instance
from confrere.core.dicom.render import decode_frame, render_frame
from confrere.core.pixels.arrivals import read_pictures
from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.pixels.pictures import Frame, Picture, PictureKind, still
from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.terms import Refused
from confrere.core.terms.kinds import FileKind
from planted.conformance import errors, is_here
from planted.pictures import planted_pictures, scene

NAMES = NewNames("2.25.1", "2.25.2", "2.25.3", 4, 5)
MASK = Region(0, 99, Box(40, 30, 110, 85), RegionKind.FACE, "person")


def frames(count: int) -> Iterator[Frame]:
    return (np.roll(np.asarray(scene()), number, axis=1) for number in range(count))


def volume() -> Picture:
    grey = np.random.default_rng(1).integers(0, 65535, (5, 40, 50), dtype=np.uint16)
    return Picture(
        "volume",
        PictureKind.VOLUME,
        40,
        50,
        lambda: iter(grey),
        5,
        spacing_mm=(0.5, 0.75, 2.0),
        slope=0.5,
        intercept=-9.0,
    )


PICTURES = {
    "photograph": still("photograph", PictureKind.PHOTOGRAPH, np.asarray(scene())),
    "page": still("page 1", PictureKind.PAGE, np.asarray(scene())),
    "slide": still("slide 1", PictureKind.SLIDE_PICTURE, np.asarray(scene())),
    "film": Picture("film", PictureKind.FILM, 240, 320, lambda: frames(7), 7, frame_ms=40.0),
    "volume": volume(),
}


@pytest.mark.parametrize("name", PICTURES)
def test_our_own_readers_and_pydicom_read_it_whole(name: str) -> None:
    picture = PICTURES[name]
    content = as_dicom(picture, NAMES)
    facts = inspect_instance(content)
    assert (facts.rows, facts.columns, facts.number_of_frames) == (picture.rows, picture.columns, picture.count)
    assert family_of(facts.sop_class_uid) is Family.IMAGE
    read = pydicom.dcmread(io.BytesIO(content))
    frames_there = [decode_frame(content, number) for number in range(1, picture.count + 1)]
    far = [
        np.abs(there.astype(int) - frame).mean() for there, frame in zip(frames_there, picture.frames(), strict=True)
    ]
    assert max(far) == 0 or (max(far) < 2 and name in ("photograph", "film"))
    if name == "volume":
        shown = clinical_facts(content)
        assert (shown["rescale_slope"], shown["rescale_intercept"], shown["pixel_spacing"]) == (0.5, -9.0, [0.5, 0.75])
    else:
        assert render_frame(content, picture.count).startswith(b"RIFF")
        assert read.SamplesPerPixel == 3
    assert (read.SeriesNumber, read.InstanceNumber, read.SOPInstanceUID) == (4, 5, "2.25.3")


@pytest.mark.skipif(not is_here(), reason="dciodvfy is not installed (package dicom3tools)")
@pytest.mark.real
@pytest.mark.parametrize("name", PICTURES)
def test_an_independent_validator_has_no_complaint(name: str, tmp_path: Path) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(as_dicom(PICTURES[name], NAMES))
    assert errors(path) == set()


@pytest.mark.skipif(not is_here(), reason="dciodvfy is not installed (package dicom3tools)")
@pytest.mark.real
def test_the_validator_would_complain(tmp_path: Path) -> None:
    made = pydicom.dcmread(io.BytesIO(as_dicom(PICTURES["film"], NAMES)))
    del made.ConversionType
    path = tmp_path / "made.dcm"
    made.save_as(path)
    assert errors(path)


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_masked_is_gone_from_every_frame(name: str) -> None:
    content = as_dicom(PICTURES[name], NAMES, [MASK])
    for number in range(1, PICTURES[name].count + 1):
        inside = decode_frame(content, number)[34:80, 46:102].astype(int)
        assert np.ptp(inside, axis=(0, 1)).max() <= 4


@pytest.mark.parametrize("planted", planted_pictures(), ids=lambda planted: planted.name)
def test_nothing_planted_reaches_the_instance(planted) -> None:  # type: ignore[no-untyped-def]
    (picture,) = read_pictures(planted.content, FileKind.UNKNOWN).pictures
    content = as_dicom(picture, NAMES)
    assert planted.left_in(content) == []
    read = pydicom.dcmread(io.BytesIO(content))
    assert (read.PatientName, read.PatientID, read.StudyDate) == ("", "", "")
    assert read.PatientIdentityRemoved == "YES"


def test_a_film_that_ends_early_or_changes_its_size_is_refused() -> None:
    short = Picture("film", PictureKind.FILM, 240, 320, lambda: frames(3), 7, frame_ms=40.0)
    with pytest.raises(Refused, match="truncated"):
        as_dicom(short, NAMES)
    other = Picture("film", PictureKind.FILM, 200, 320, lambda: frames(3), 3, frame_ms=40.0)
    with pytest.raises(Refused, match="pixel-size-mismatch"):
        as_dicom(other, NAMES)


def test_the_same_picture_and_names_make_the_same_bytes() -> None:
    assert as_dicom(PICTURES["page"], NAMES) == as_dicom(PICTURES["page"], NAMES)
