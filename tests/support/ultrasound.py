"""A real ultrasound cine with a made-up identity burned into it, as a machine does: a banner on every frame.

The pixels are those of pydicom's example (a real echocardiogram without a name), enlarged; name, number, hospital and
date in the banner and in the header are the planted ones.
"""

import io
from collections.abc import Iterator
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from support.studies import Planted

ROWS, COLUMNS = 480, 640
BANNER_ROWS = 40
CINE = "1.2.840.10008.5.1.4.1.1.3.1"
STILL = "1.2.840.10008.5.1.4.1.1.6.1"


def banner_words(planted: Planted) -> str:
    """The line a machine burns in."""
    family, given = planted.name.split("^")
    return f"{family.upper()}, {given}  {planted.patient_id}  {planted.institution}  18-09-2026"


@cache
def _frames(count: int) -> np.ndarray:
    """`count` frames (count, ROWS, COLUMNS, 3), without any text."""
    example = dcmread(str(get_testdata_file("examples_ybr_color.dcm")))
    found = []
    for number in range(count):
        frame = Image.fromarray(example.pixel_array[number % len(example.pixel_array)])
        big = np.asarray(frame.resize((COLUMNS, ROWS), Image.Resampling.BICUBIC)).copy()
        big[:BANNER_ROWS] = 0
        found.append(big)
    return np.stack(found)


def burned(planted: Planted, count: int) -> np.ndarray:
    """The frames with the banner drawn in."""
    strip = Image.new("RGB", (COLUMNS, BANNER_ROWS))
    draw = ImageDraw.Draw(strip)
    draw.text((8, 10), banner_words(planted), fill=(230, 230, 230), font=ImageFont.load_default(size=14))
    frames = _frames(count).copy()
    frames[:, :BANNER_ROWS] = np.asarray(strip)
    return frames


def ultrasound_cine(planted: Planted, count: int = 12) -> bytes:
    """One multi-frame instance."""
    return _file(planted, burned(planted, count), CINE, 1)


def ultrasound_stills(planted: Planted, count: int, *, shrink: int = 1) -> Iterator[bytes]:
    """`count` single images of one series; shrunk where only their number matters."""
    frames = burned(planted, min(count, 30))
    if shrink > 1:
        frames = np.stack([np.asarray(Image.fromarray(frame).reduce(shrink)) for frame in frames])
    for number in range(count):
        yield _file(planted, frames[number % len(frames)][None], STILL, number + 1)


def _file(planted: Planted, frames: np.ndarray, sop_class: str, number: int) -> bytes:
    one = Dataset()
    one.file_meta = FileMetaDataset()
    one.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one.file_meta.MediaStorageSOPClassUID = one.SOPClassUID = sop_class
    study, series = (generate_uid(entropy_srcs=[planted.patient_id, part]) for part in ("us-st", f"us-{sop_class}"))
    one.StudyInstanceUID, one.SeriesInstanceUID = study, series
    one.SOPInstanceUID = generate_uid(entropy_srcs=[planted.patient_id, sop_class, str(number)])
    one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID
    one.SpecificCharacterSet = "ISO_IR 192"
    one.Modality, one.Manufacturer, one.ManufacturerModelName = "US", "Test Scanners", "Echo 9"
    one.ImageType, one.BodyPartExamined = ["ORIGINAL", "PRIMARY"], "HEART"
    one.PatientName, one.PatientID, one.PatientBirthDate = planted.name, planted.patient_id, planted.birth_date
    one.PatientSex, one.PatientAge = "F", "063Y"
    one.InstitutionName, one.ReferringPhysicianName = planted.institution, planted.referrer
    one.AccessionNumber, one.StudyDate = planted.accession, "20260918"
    one.SeriesNumber, one.InstanceNumber = 1, number
    if len(frames) > 1:
        one.NumberOfFrames, one.FrameTime, one.FrameIncrementPointer = len(frames), "40", 0x00181063
    one.Rows, one.Columns = frames.shape[1:3]
    one.SamplesPerPixel, one.PhotometricInterpretation, one.PlanarConfiguration = 3, "RGB", 0
    one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 8, 8, 7, 0
    one.PixelData = np.ascontiguousarray(frames).tobytes()
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    return out.getvalue()
