"""Voxels become frames in the order a radiologist expects; what is written in the header stays out."""

import gzip

import numpy as np
import pytest
from support.decks import BODY, NOTES, TITLE, nifti, nifti_header

from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.pixels.forms import Form
from confrere.core.pixels.readers import volume
from confrere.core.pixels.readers.volume import read
from confrere.core.terms import Refused

NOISE = np.random.default_rng(5).integers(-1000, 3000, (12, 14, 9)).astype(np.int16)


def code_of(content: bytes) -> str:
    with pytest.raises(Refused) as stop:
        read(content, Form.NIFTI)
    return stop.value.code


def test_values_come_out_exactly_and_spacing_with_them() -> None:
    for packed in (False, True):
        (made,) = read(nifti(NOISE, packed=packed), Form.NIFTI).pictures
        frames = np.stack(list(made.frames()))
        assert frames.shape == (made.count, made.rows, made.columns) == (9, 14, 12)
        # Axes of the file run to the right, to the front and up; those of a picture to the left and to the back.
        values = frames * made.slope + made.intercept
        assert (values == NOISE[::-1, ::-1].transpose(2, 1, 0)).all()
        assert made.spacing_mm == (3.0, 2.0, 4.0)


def test_a_volume_stored_in_other_axes_is_turned_the_same_way() -> None:
    affine = np.array([[0, 0, 4.0, 0], [2.0, 0, 0, 0], [0, 3.0, 0, 0], [0, 0, 0, 1]])
    turned = np.ascontiguousarray(NOISE.transpose(1, 2, 0))  # front, up, right
    (made,) = read(nifti(turned, affine=affine), Form.NIFTI).pictures
    values = np.stack(list(made.frames())) * made.slope + made.intercept
    assert (values == NOISE[::-1, ::-1].transpose(2, 1, 0)).all()
    assert made.spacing_mm == (2.0, 4.0, 3.0)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32])
def test_what_does_not_fit_sixteen_bits_is_scaled_and_what_is_no_number_is_least(kind: type) -> None:
    values = (NOISE.astype(kind) * 1000).astype(kind)
    if np.issubdtype(kind, np.floating):
        values[0, 0, 0] = np.nan
    (made,) = read(nifti(values), Form.NIFTI).pictures
    out = np.stack(list(made.frames())) * made.slope + made.intercept
    far = np.abs(out - np.nan_to_num(values.astype(float), nan=float(np.nanmin(values)))[::-1, ::-1].transpose(2, 1, 0))
    assert far.max() <= made.slope


def test_nothing_written_in_the_header_comes_along_and_a_person_is_needed() -> None:
    found = read(nifti(NOISE), Form.NIFTI)
    assert found.holds == ("volume-may-show-face",)
    assert found.texts == ()
    made = as_dicom(found.pictures[0], NewNames("2.25.1", "2.25.2", "2.25.3"))
    assert not any(word.encode() in made for word in (TITLE, BODY, NOTES))


def test_of_several_volumes_the_first_is_kept_and_that_is_told() -> None:
    found = read(nifti(np.stack([NOISE, NOISE + 1], axis=-1)), Form.NIFTI)
    assert found.notes == ("further-pictures-dropped",)
    assert found.pictures[0].count == 9


def test_a_size_that_is_not_there_is_refused_before_anything_is_allocated() -> None:
    assert code_of(nifti_header([7] + [32767] * 7) + bytes(64)) == "pixel-size-mismatch"
    assert code_of(nifti(NOISE)[:-1]) == "pixel-size-mismatch"
    assert code_of(gzip.compress(nifti(NOISE)[:-1])) == "pixel-size-mismatch"


def test_a_bomb_is_refused_before_it_is_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(nifti_header([3, 1024, 1024, 256]) + bytes(64 << 20), mtime=0)
    assert code_of(bomb) == "expands-too-much"
    monkeypatch.setattr(volume, "MOST_BYTES", 1000)
    assert code_of(nifti(NOISE)) == "too-large"


@pytest.mark.parametrize(
    "header",
    [
        nifti_header([0, 4, 4, 4]),
        nifti_header([3, 4, 0, 4]),
        nifti_header([3, 4, -4, 4]),
        nifti_header([3, 4, 4, 4], kind=128, bits=24),
        nifti_header([3, 4, 4, 4], kind=9999),
        nifti_header([3, 4, 4, 4], start=float("nan")),
        nifti_header([3, 4, 4, 4], start=0.0),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(header: bytes) -> None:
    assert code_of(header + bytes(4096)) == "bad-volume"


def test_gzip_of_something_else_is_refused() -> None:
    assert code_of(gzip.compress(b"words " * 400)) in ("bad-volume", "pixel-size-mismatch")
    assert code_of(gzip.compress(b"words")) == "truncated"
