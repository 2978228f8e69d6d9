"""The edge set: one file for each encoding that a fast path may get wrong.

Source: PS3.5 section 6.1 (character sets), 6.2.2 (UN of undefined length), 7.5 (sequences), A.5 (deflated);
PS3.5 2016b annex A.3 (explicit big endian, retired); PS3.10 section 7.1 (a file without its meta information).
"""

import hashlib
import struct
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from planted.corpus import CT, file_bytes, instances, read_base
from planted.manifest import EDGE, Manifest
from planted.people import Patient
from planted.values import Values

Made = bytes
Maker = Callable[[Patient, int], Made]

_CHARSETS: tuple[tuple[str, str | Sequence[str], str], ...] = (
    ("utf8_devanagari", "ISO_IR 192", "Sharma^Rajesh=शर्मा^राजेश"),
    ("gb18030", "GB18030", "Wang^XiaoDong=王^小东"),
    ("iso2022_87", ("", "ISO 2022 IR 87"), "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ("latin1", "ISO_IR 100", "Äneas^Rüdiger"),
)


def _fresh(patient: Patient, mark: int, name: str = CT) -> Dataset:
    return next(instances(patient, read_base(name), 1, mark))


def _implicit(patient: Patient, mark: int) -> Made:
    ds = _fresh(patient, mark)
    ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    return file_bytes(ds)


def _deflated(patient: Patient, mark: int) -> Made:
    ds = _fresh(patient, mark)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    return file_bytes(ds)


def _as_it_is(name: str) -> Maker:
    return lambda patient, mark: file_bytes(_fresh(patient, mark, name))


def _undefined_lengths(patient: Patient, mark: int) -> Made:
    ds = _fresh(patient, mark)
    for element in ds:
        if element.VR == "SQ":
            element.value.is_undefined_length = element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True
    return file_bytes(ds)


def _two_private_blocks(patient: Patient, mark: int) -> Made:
    ds = _fresh(patient, mark)
    value = patient.plant("privown", "second block", patient.values.name())
    ds.private_block(0x0029, "SECOND OWNER", create=True).add_new(0x01, "LO", value)
    return file_bytes(ds)


def _in_charset(charset: str | Sequence[str], name: str) -> Maker:
    def made(patient: Patient, mark: int) -> Made:
        ds = _fresh(patient, mark)
        ds.SpecificCharacterSet = charset if isinstance(charset, str) else list(charset)
        ds.PatientName = name
        ds.PatientComments = f"see {name.split('=', 1)[0]}"
        content = file_bytes(ds)
        raw = pydicom.dcmread(BytesIO(content)).get_item("PatientName").value
        patient.forget("PatientName", "PatientComments")
        patient.plant("charset", "PatientName", name, bytes(raw).strip())
        return content

    return made


def _unknown_sequence(patient: Patient, mark: int) -> Made:
    """A private sequence of undefined length under VR UN, whose content is implicit VR whatever is around it."""
    content = file_bytes(_fresh(patient, mark))
    value = patient.plant("privsq", "UN of undefined length", patient.values.name()).encode()
    value += b" " * (len(value) % 2)
    name = struct.pack("<HHL", 0x0010, 0x0010, len(value)) + value
    item = struct.pack("<HHL", 0xFFFE, 0xE000, len(name)) + name
    end = struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    creator = struct.pack("<HH2sH", 0x0053, 0x0010, b"LO", 8) + b"TEST UN "
    sequence = struct.pack("<HH2sHL", 0x0053, 0x1010, b"UN", 0, 0xFFFFFFFF) + item + end
    # The curve's group 5000 is the first after 0053's place.
    at = content.index(struct.pack("<HH2s", 0x5000, 0x0022, b"LO"))
    return content[:at] + creator + sequence + content[at:]


def _without_meta(patient: Patient, mark: int) -> Made:
    out = DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, True
    write_dataset(out, _fresh(patient, mark))
    patient.forget("preamble", "SourceApplicationEntityTitle", "PrivateInformation")
    return out.getvalue()


def _trailing(patient: Patient, mark: int) -> Made:
    said = patient.plant("trail", "bytes after the last element", patient.values.said())
    return file_bytes(_fresh(patient, mark)) + said.encode()


def _makers() -> dict[str, Maker]:
    charsets = {f"charset_{label}": _in_charset(charset, name) for label, charset, name in _CHARSETS}
    return {
        "implicit_le": _implicit,
        "explicit_be": _as_it_is("MR_small_bigendian.dcm"),
        "deflated": _deflated,
        "undefined_sq": _undefined_lengths,
        "encapsulated_j2k": _as_it_is("JPEG2000.dcm"),
        "encapsulated_jpeg": _as_it_is("JPEG-lossy.dcm"),
        **charsets,
        "two_private_blocks": _two_private_blocks,
        "un_undefined_sq": _unknown_sequence,
        "no_meta_implicit": _without_meta,
        "trailing_bytes": _trailing,
    }


def make_edge(folder: Path, manifest: Manifest) -> None:
    """Write the edge set below `folder/edge` and enter it into the manifest."""
    pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
    # Its own stream of values: the edge set is the same whatever the size of the corpus.
    values = Values(manifest.seed ^ 0xED6E)
    (folder / EDGE).mkdir(parents=True, exist_ok=True)
    for mark, (name, maker) in enumerate(_makers().items(), start=0x00ED6E00):
        patient = Patient(f"edge/{name}", values)
        content = maker(patient, mark)
        path = f"{name}.dcm"
        (folder / EDGE / path).write_bytes(content)
        manifest.edge[path], manifest.bases[path] = patient.key, name
        pixels = pydicom.dcmread(BytesIO(content), force=True).PixelData
        manifest.pixels[path] = hashlib.sha256(pixels).hexdigest()
        manifest.plants[patient.key] = patient.plants
