"""Real files with made-up identities planted wherever a scanner, a clerk or an exporter puts them.

The values are spelled so that six characters of any of them in a row occur nowhere by chance: a byte that is changed
inside a value still leaves pieces of it to look for.
"""

import re
from collections.abc import Iterable
from io import BytesIO

import imagecodecs
import numpy as np
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import JPEGLosslessSV1

# By the place they stand in; dates are more than a date shift away from each other and from every study date.
VALUES: dict[str, str] = {
    "preamble": "Vxzqorro Prexqmble",
    "source AE title": "QXZAE_WYVERN",
    "private information": "Zorvixq Fqlemxta Wq",
    "name": "Zaveriwalq^Quirinax^Xandiq",
    "name in Devanagari": "ज़वेरीवाला^क़िरीना",
    "id": "UHIDQX7712300",
    "other id": "ABHAQZ9134477",
    "accession": "RADQX5550199",
    "birth date": "19630227",
    "phone": "9811122334",
    "address": "Qutubvihar Zxlane 774",
    "mother": "Yxmeenaq^Wqamma",
    "referrer": "Yazbektarq^Ximoq",
    "operator": "Oqbertx^Vonq",
    "institution": "Zorawarx Xavier Qclinic",
    "station": "QXSTZTIQNZW",
    "description": "NCCT for Jqhansi Wxrani",
    "comment": "Seen 14/03/1987 with Qbrotherx Zwilliam",
    "nested name": "Nqestedx^Wzilla",
    "nested text": "Tell Wxsisterq Zvanda",
    "code meaning": "Qcodexmeaningz Wvilma",
    "private text": "Pqrivatex Zwendel",
    "private blob": "Blobqx Zwanderer",
    "unknown": "Uxnknqwxn Zwitterq",
    "after the pixels": "Traxilingq Zwonder",
    "requested procedure": "Rxequestq Zwoman",
}

_WINDOW = 6
_NOT_TELLING = re.compile(rb"[^0-9a-z\x80-\xff]+")


def squeezed(raw: bytes) -> bytes:
    """`raw` in lower case without anything that is neither letter nor digit; UTF-16 loses its zeros as well."""
    return _NOT_TELLING.sub(b"", raw.lower())


class Needles:
    """Pieces of planted values: six letters in a row, eight where a value is all digits."""

    def __init__(self, values: Iterable[str | bytes]) -> None:
        self.pieces: set[bytes] = set()
        self.numbers: set[bytes] = set()
        for value in values:
            whole = squeezed(value if isinstance(value, bytes) else value.encode("utf-8"))
            into, width = (self.numbers, 8) if whole.isdigit() else (self.pieces, _WINDOW)
            windows = (whole[at : at + width] for at in range(len(whole) - width + 1))
            # Six digits in a row of a longer value occur in any hashed UID.
            into.update(window for window in windows if width == 8 or not window.isdigit())

    def found_in(self, raw: bytes) -> set[bytes]:
        """The pieces that `raw` holds, in any case, with any separators, as bytes or as UTF-16."""
        view = squeezed(raw)
        six = {view[at : at + _WINDOW] for at in range(len(view) - _WINDOW + 1)}
        return six & self.pieces | {number for number in self.numbers if number in view}


def planted(dataset: FileDataset, number: int) -> bytes:
    """`dataset` as slice `number` of a series, in its own encoding, with every value of `VALUES` planted in it."""
    if number:
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{dataset.SOPInstanceUID}.{number}"
        dataset.InstanceNumber = number
        dataset.SliceLocation = f"-77.2{number}"
        dataset.ContentTime = f"1130{number:02d}"
    for keyword, place in _PLACES.items():
        setattr(dataset, keyword, VALUES[place])
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.OtherPatientNames = VALUES["name in Devanagari"]
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    for date in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(dataset, date, "20040119")
    _nest(dataset)
    block = dataset.private_block(0x0029, "QX RIS 1.0", create=True)
    block.add_new(0x10, "LO", VALUES["private text"])
    block.add_new(0x11, "OB", b"\1\2\3" + VALUES["private blob"].encode("utf-16-le"))
    dataset.add_new(0x00104002, "UN", VALUES["unknown"].encode())
    dataset.preamble = VALUES["preamble"].encode().ljust(128, b"\0")
    dataset.file_meta.SourceApplicationEntityTitle = VALUES["source AE title"]
    dataset.file_meta.PrivateInformationCreatorUID = "1.2.826.0.1.3680043.10.4242"
    dataset.file_meta.PrivateInformation = VALUES["private information"].encode()
    dataset.pop("DataSetTrailingPadding", None)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue() + VALUES["after the pixels"].encode()


_PLACES = {
    "PatientName": "name",
    "PatientID": "id",
    "OtherPatientIDs": "other id",
    "AccessionNumber": "accession",
    "PatientBirthDate": "birth date",
    "PatientTelephoneNumbers": "phone",
    "PatientAddress": "address",
    "PatientMotherBirthName": "mother",
    "ReferringPhysicianName": "referrer",
    "OperatorsName": "operator",
    "InstitutionName": "institution",
    "StationName": "station",
    "StudyDescription": "description",
    "ImageComments": "comment",
    "RequestedProcedureDescription": "requested procedure",
}


def _nest(dataset: Dataset) -> None:
    """A removed sequence, a kept one, and one inside the other."""
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator = "QX1", "99QX"
    code.CodeMeaning = VALUES["code meaning"]
    inner = Dataset()
    inner.PatientName = VALUES["nested name"]
    request = Dataset()
    request.ScheduledProcedureStepDescription = VALUES["nested text"]
    request.ScheduledProtocolCodeSequence = Sequence([code])
    dataset.RequestAttributesSequence = Sequence([request])
    reference = Dataset()
    reference.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    reference.ReferencedSOPInstanceUID = "1.2.826.0.1.3680043.10.4242.55.1"
    dataset.ReferencedImageSequence = Sequence([reference])
    original = Dataset()
    original.ModifiedAttributesSequence = Sequence([inner])
    dataset.OriginalAttributesSequence = Sequence([original])


def _shipped(name: str) -> FileDataset:
    path = get_testdata_file(name)
    assert path is not None
    return dcmread(str(path))


def planted_ct(number: int = 0) -> bytes:
    """The GE CT slice that pydicom ships: 306 elements, 179 of them private, explicit little endian."""
    return planted(_shipped("CT_small.dcm"), number)


def planted_short_ct(number: int = 0) -> bytes:
    """The CT slice with an eighth of its maker's private elements: short enough to be damaged everywhere."""
    dataset = _shipped("CT_small.dcm")
    private = [element.tag for element in dataset if element.tag.is_private and not element.tag.is_private_creator]
    for tag in set(private) - set(private[::8]):
        del dataset[tag]
    return planted(dataset, number)


def planted_mr(number: int = 0) -> bytes:
    """The Toshiba MR slice that pydicom ships, in implicit little endian."""
    return planted(_shipped("MR_small_implicit.dcm"), number)


def planted_jpeg_lossless(number: int = 0) -> bytes:
    """The CT slice with its pixels as one JPEG Lossless frame."""
    dataset = _shipped("CT_small.dcm")
    pixels = np.frombuffer(dataset.PixelData, "<u2").reshape(dataset.Rows, dataset.Columns)
    frame = imagecodecs.ljpeg_encode(np.ascontiguousarray(pixels), bitspersample=16)
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = JPEGLosslessSV1
    return planted(dataset, number)


ORIGINALS = {"ct": planted_ct, "mr": planted_mr, "jpeg-lossless": planted_jpeg_lossless}
