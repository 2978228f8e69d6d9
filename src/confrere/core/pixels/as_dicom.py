"""A picture, film or volume that a person has approved, as a new DICOM instance: what a room shows and nothing else.

Everything after the gate knows DICOM alone, so a photograph becomes one. Nothing is copied from the file it came from:
no name, no date, no text; the identifiers are the caller's new ones.

Source: PS3.3 A.32.4 (VL Photographic Image), A.8.1, A.8.4, A.8.5 (Secondary Capture), C.7.5 and C.7.6 (modules);
PS3.5 8.2 and Annex A.4 (encodings); PS3.15 E.1 and E.3.1 (what de-identified means for them).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID

from confrere.core.dicom import registry
from confrere.core.pixels.mask import masked
from confrere.core.pixels.pictures import Frame, Picture, PictureKind
from confrere.core.pixels.regions import Region
from confrere.core.terms import Refused

_STORAGE: Final = "1.2.840.10008.5.1.4.1.1"
PHOTOGRAPH: Final = f"{_STORAGE}.77.1.4"
CAPTURE: Final = f"{_STORAGE}.7"
GREY_CAPTURES: Final = f"{_STORAGE}.7.3"
COLOUR_CAPTURES: Final = f"{_STORAGE}.7.4"
_JPEG_LS_LOSSLESS: Final = "1.2.840.10008.1.2.4.80"
_QUALITY: Final = 92
_DESCRIPTIONS: Final = {
    PictureKind.PHOTOGRAPH: "Photographs",
    PictureKind.PAGE: "Pages of a document",
    PictureKind.SLIDE_PICTURE: "Pictures of a document",
    PictureKind.FILM: "Film",
    PictureKind.VOLUME: "Volume",
}


@dataclass(frozen=True, slots=True)
class NewNames:
    """The new identifiers of one instance, none of which leads back; numbers start at 1."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    series_number: int = 1
    instance_number: int = 1


def as_dicom(picture: Picture, names: NewNames, regions: Sequence[Region] = ()) -> bytes:
    """A whole DICOM file of `picture` with `regions` masked in every frame they stand on.

    Photographs and films are JPEG Baseline in colour, everything else JPEG-LS Lossless. Raises Refused where a frame
    cannot be decoded or the frames are not as many as the picture says.
    """
    lossy = picture.kind in (PictureKind.PHOTOGRAPH, PictureKind.FILM)
    encode = _jpeg if lossy else _lossless
    streams, raw_bytes = [], 0
    for number, frame in enumerate(picture.frames()):
        if frame.shape[:2] != (picture.rows, picture.columns):
            raise Refused("pixel-size-mismatch")
        streams.append(encode(masked(frame, number, regions)))
        raw_bytes += frame.nbytes
    if len(streams) != picture.count:
        raise Refused("truncated")
    made = _dataset(picture, names)
    if lossy:
        made.LossyImageCompression = "01"
        made.LossyImageCompressionRatio = f"{raw_bytes / sum(map(len, streams)):.2f}"
        made.LossyImageCompressionMethod = "ISO_10918_1"
    made.PixelData = encapsulate(streams)
    made["PixelData"].VR = "OB"
    made["PixelData"].is_undefined_length = True
    return _file_of(made, registry.JPEG_BASELINE if lossy else _JPEG_LS_LOSSLESS)


def _jpeg(frame: Frame) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(frame), level=_QUALITY, subsampling="422"))


def _lossless(frame: Frame) -> bytes:
    return bytes(imagecodecs.jpegls_encode(np.ascontiguousarray(frame)))


def _sop_class(picture: Picture) -> str:
    if picture.kind is PictureKind.VOLUME:
        return GREY_CAPTURES
    if picture.kind is PictureKind.FILM:
        return COLOUR_CAPTURES
    return PHOTOGRAPH if picture.kind is PictureKind.PHOTOGRAPH else CAPTURE


def _dataset(picture: Picture, names: NewNames) -> Dataset:
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.SOPInstanceUID = _sop_class(picture), names.sop_instance_uid
    made.StudyInstanceUID, made.SeriesInstanceUID = names.study_instance_uid, names.series_instance_uid
    made.SeriesNumber, made.InstanceNumber = names.series_number, names.instance_number
    made.Modality = "XC" if picture.kind is PictureKind.PHOTOGRAPH else "OT"
    made.SeriesDescription = _DESCRIPTIONS[picture.kind]
    made.ImageType = ["DERIVED", "SECONDARY"]
    # Required to be there, allowed to be empty (type 2), and empty here.
    for keyword in (
        *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID"),
        *("AccessionNumber", "ReferringPhysicianName", "Manufacturer", "Laterality", "PatientOrientation"),
    ):
        setattr(made, keyword, "")
    _say_deidentified(made)
    _describe_pixels(made, picture)
    if made.SOPClassUID == PHOTOGRAPH:
        made.AcquisitionContextSequence = []
    else:
        made.ConversionType = "WSD"
    if made.SOPClassUID in (COLOUR_CAPTURES, GREY_CAPTURES):
        _describe_frames(made, picture)
    return made


def _say_deidentified(made: Dataset) -> None:
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = "Confrere, a new file of approved pixels alone"
    made.LongitudinalTemporalInformationModified = "REMOVED"
    codes = []
    for value, meaning in (
        ("113100", "Basic Application Confidentiality Profile"),
        ("113101", "Clean Pixel Data Option"),
    ):
        code = Dataset()
        code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, "DCM", meaning
        codes.append(code)
    made.DeidentificationMethodCodeSequence = codes


def _describe_pixels(made: Dataset, picture: Picture) -> None:
    grey = picture.kind is PictureKind.VOLUME
    made.Rows, made.Columns = picture.rows, picture.columns
    made.SamplesPerPixel = 1 if grey else 3
    made.PixelRepresentation = 0
    made.BitsAllocated = made.BitsStored = 16 if grey else 8
    made.HighBit = made.BitsStored - 1
    if grey:
        made.PhotometricInterpretation = "MONOCHROME2"
        return
    lossy = picture.kind in (PictureKind.PHOTOGRAPH, PictureKind.FILM)
    made.PhotometricInterpretation = "YBR_FULL_422" if lossy else "RGB"
    made.PlanarConfiguration = 0


def _describe_frames(made: Dataset, picture: Picture) -> None:
    made.NumberOfFrames = picture.count
    made.BurnedInAnnotation = "NO"
    if picture.kind is PictureKind.FILM:
        made.FrameTime = f"{picture.frame_ms:.3f}"
        made.FrameIncrementPointer = 0x00181063
        return
    made.PresentationLUTShape = "IDENTITY"
    made.RescaleSlope, made.RescaleIntercept, made.RescaleType = (
        f"{picture.slope:.9g}",
        f"{picture.intercept:.9g}",
        "US",
    )
    between = 1.0
    if picture.spacing_mm is not None:
        rows_mm, columns_mm, between = picture.spacing_mm
        made.PixelSpacing = [f"{rows_mm:.6g}", f"{columns_mm:.6g}"]
    made.FrameIncrementPointer = 0x00182005
    made.SliceLocationVector = [f"{between * number:.6g}" for number in range(picture.count)]


def _file_of(made: Dataset, transfer_syntax_uid: str) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    meta.ImplementationClassUID = UID(registry.IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = registry.IMPLEMENTATION_VERSION
    out = io.BytesIO()
    whole = FileDataset(out, made, file_meta=meta, preamble=bytes(128))
    dcmwrite(out, whole, enforce_file_format=True)
    return out.getvalue()
