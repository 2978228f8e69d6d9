"""The clearance desk in tests: ultrasound with a banner, and small detectors that find what is white.

The stand-ins have the signatures of the real ones, which have tests and benchmarks of their own.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from confrere.apps.clearance import jailed_pictures, jailed_pixels
from confrere.apps.clearance.frames_shown import Frames, PictureFrames
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.pixels.look import Looked
from confrere.core.pixels.pictures import Picture
from confrere.core.pixels.propose import Proposal, Tier
from confrere.core.pixels.regions import Box, Region, RegionKind

ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"
ULTRASOUND_CINE = "1.2.840.10008.5.1.4.1.1.3.1"
BANNER = Box(4, 2, 28, 6)
NAME = "Zaveriwal^Quirina"
WHITE = 255


@dataclass(frozen=True, slots=True)
class Scan:
    """What is special about an ultrasound image: `tint` is its ground, `banner` where the white stands."""

    study: int = 700
    series: int = 1
    frames: int = 1
    banner: Box | None = BANNER
    model: str = "Echo 9"
    tint: int = 40


def scan(place: int = 1, **told: object) -> bytes:
    """An ultrasound image of 48 columns and 32 rows, 8 bits, with a white banner where the name would stand."""
    that = Scan(**told)  # type: ignore[arg-type]
    study, series, frames, banner = that.study, that.series, that.frames, that.banner
    one = Dataset()
    one.file_meta = FileMetaDataset()
    one.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    sop = ULTRASOUND if frames == 1 else ULTRASOUND_CINE
    one.file_meta.MediaStorageSOPClassUID = one.SOPClassUID = sop
    one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID = f"1.2.826.0.1.{study}.{series}.{place}"
    one.StudyInstanceUID, one.SeriesInstanceUID = f"1.2.826.0.1.{study}", f"1.2.826.0.1.{study}.{series}"
    one.Modality, one.Manufacturer, one.ManufacturerModelName = "US", "Test Scanners", that.model
    one.PatientName, one.PatientID, one.PatientSex = NAME, "UHIDQX77123", "F"
    one.ImageType, one.BurnedInAnnotation = ["ORIGINAL", "PRIMARY"], "YES"
    one.SeriesNumber, one.InstanceNumber = series, place
    one.Rows, one.Columns, one.SamplesPerPixel, one.PhotometricInterpretation = 32, 48, 1, "MONOCHROME2"
    one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 8, 8, 7, 0
    if frames > 1:
        one.NumberOfFrames = frames
    pixels = np.full((frames, 32, 48), that.tint, np.uint8)
    shades = (place + np.arange(frames)) % 10 * 20
    pixels[:, 16:28, 26:44] = shades[:, None, None]
    if banner:
        pixels[:, banner.top : banner.bottom, banner.left : banner.right] = WHITE
    one.PixelData = pixels.tobytes()
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _grey(frame: np.ndarray) -> np.ndarray:
    return frame if frame.ndim == 2 else frame.min(axis=2)


def white_boxes(frames: Frames) -> list[Region]:
    """The smallest box around the white pixels of each frame; equal ones of neighbouring frames are one region."""
    found: list[Region] = []
    for index in range(frames.count):
        rows, columns = np.nonzero(_grey(frames.frame(index)) >= WHITE - 5)
        if not len(rows):
            continue
        box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        if found and found[-1].box == box and found[-1].last_frame == index - 1:
            found[-1] = Region(found[-1].first_frame, index, box, RegionKind.TEXT, "white")
        else:
            found.append(Region(index, index, box, RegionKind.TEXT, "white"))
    return found


def _look_white(picture: Picture, _lookers: object) -> Looked:
    return Looked(tuple(white_boxes(PictureFrames(picture))), ("photograph-needs-person",))


def propose_white(frames: Frames, _facts: InstanceFacts, _detector: object, _templates: object) -> Proposal:
    """In place of propose_regions."""
    return Proposal(tuple(white_boxes(frames)), Tier.DISTINCT, sure=False, reason="pixels-need-a-person")


def burn_black(original: bytes, regions: Iterable[Region]) -> bytes:
    """In place of burn_instance, for grey 8-bit pixels that are not compressed."""
    one = dcmread(io.BytesIO(original))
    frames = int(one.get("NumberOfFrames", 1))
    pixels = np.frombuffer(one.PixelData, np.uint8).reshape(frames, one.Rows, one.Columns).copy()
    for region in regions:
        box = region.box
        pixels[region.first_frame : region.last_frame + 1, box.top : box.bottom, box.left : box.right] = 0
    one.PixelData = pixels.tobytes()
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    return out.getvalue()


@pytest.fixture
def stub_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small detectors in place of the networks; of use with `open_jail` alone."""
    monkeypatch.setattr(jailed_pixels, "propose_regions", propose_white)
    monkeypatch.setattr(jailed_pixels, "burn_instance", burn_black)
    monkeypatch.setattr(jailed_pixels, "first_detector", lambda: None)
    monkeypatch.setattr(jailed_pixels, "second_detector", lambda: white_boxes)
    monkeypatch.setattr(jailed_pixels, "codes_in", lambda _frames: [])
    monkeypatch.setattr(jailed_pictures, "picture_lookers", lambda: None)
    monkeypatch.setattr(jailed_pictures, "look_at", _look_white)
