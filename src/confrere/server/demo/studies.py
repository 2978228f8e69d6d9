"""Demo studies: real images out of installable packages, with made-up identities written into their headers.

MNI152 2009a brain (nilearn, BSD-3-Clause): brain only, no face. CT, MR, CR and echo: pydicom-data (MIT).
"""

import gzip
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

MNI_FILE = "datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"
MR_SLICES = 60


@dataclass(frozen=True, slots=True)
class Identity:
    """A made-up patient; each value is planted where scanners write it."""

    name: str
    patient_id: str
    birth_date: str
    sex: str
    age: str
    referrer: str
    accession: str


IDENTITIES = (
    Identity(
        "Ghumman^Jaspreet Zoravar", "UHID20250047113", "19710317", "F", "055Y", "Bhullar^Kanwar Zeb", "RAD700412966"
    ),
    Identity(
        "Shekhawat^Bhanwar Zaroli", "UHID20240093571", "19580824", "M", "067Y", "Rathi^Omkar Zila", "RAD700518240"
    ),
    Identity("Wadhwa^Ruchika Zenobi", "UHID20260011938", "19920109", "F", "034Y", "Sodhi^Tegbir Zail", "RAD700631175"),
    Identity("Khichi^Dungar Zoril", "UHID20230068842", "19490530", "M", "077Y", "Purohit^Lalit Zade", "RAD700744381"),
)


def write_identity(ds: Dataset, who: Identity) -> None:
    """Plant a made-up patient in a header, in the plain places and some of the forgotten ones."""
    ds.PatientName, ds.PatientID, ds.PatientBirthDate = who.name, who.patient_id, who.birth_date
    ds.PatientSex, ds.PatientAge = who.sex, who.age
    ds.ReferringPhysicianName, ds.AccessionNumber = who.referrer, who.accession
    ds.InstitutionName = "Malwa District Hospital"
    ds.StudyDescription = f"for Dr {who.referrer.split('^')[0]}"
    ds.PatientComments = f"{who.name.split('^')[1]} {who.patient_id}, ph +91 9876500000"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = "20260914"
    ds.StudyTime = "101500"
    ds.OperatorsName = "Zutshi^Operator"


def _nifti(path: Path) -> np.ndarray:
    """The volume of a gzipped NIfTI-1 file as (z, y, x), and nothing else of it.

    Source: NIfTI-1 header: dim at byte 40, datatype at 70, vox_offset at 108.
    """
    raw = gzip.decompress(path.read_bytes())
    dims = struct.unpack_from("<8h", raw, 40)
    datatype = struct.unpack_from("<h", raw, 70)[0]
    start = int(struct.unpack_from("<f", raw, 108)[0])
    dtype = {2: "<u1", 4: "<i2", 16: "<f4", 64: "<f8", 512: "<u2", 256: "<i1"}[datatype]
    count = dims[1] * dims[2] * dims[3]
    return np.frombuffer(raw, dtype, count, start).reshape(dims[3], dims[2], dims[1])


def mr_brain(who: Identity) -> Iterator[Dataset]:
    """The MNI152 T1 brain as an axial MR series of MR_SLICES slices, 1 mm in plane, 2 mm apart."""
    spec = find_spec("nilearn")
    if spec is None or not spec.submodule_search_locations:
        return
    volume = _nifti(Path(spec.submodule_search_locations[0]) / MNI_FILE).astype(np.float32)
    volume = volume * (1000.0 / max(float(volume.max()), 1.0))
    first = (volume.shape[0] - 2 * MR_SLICES) // 2
    study, series, frame = (generate_uid(entropy_srcs=[who.patient_id, part]) for part in ("st", "se", "fr"))
    for number in range(MR_SLICES):
        # NIfTI counts towards right, anterior, superior; DICOM columns run to the left, rows to the back.
        plane = volume[first + 2 * number, ::-1, ::-1]
        ds = _mr_slice(plane.clip(0).astype("<u2"), number)
        ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = study, series, frame
        ds.SOPInstanceUID = generate_uid(entropy_srcs=[who.patient_id, str(number)])
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        write_identity(ds, who)
        yield ds


def _mr_slice(plane: np.ndarray, number: int) -> Dataset:
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = MRImageStorage
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND"]
    ds.Modality, ds.Manufacturer, ds.BodyPartExamined = "MR", "Demo Scanners", "BRAIN"
    ds.MagneticFieldStrength, ds.RepetitionTime, ds.EchoTime = "1.5", "2300", "2.98"
    ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions, ds.MRAcquisitionType = "GR", "SP", "", "3D"
    ds.SeriesNumber, ds.InstanceNumber, ds.AcquisitionNumber = 2, number + 1, 1
    ds.Rows, ds.Columns = plane.shape
    ds.PixelSpacing, ds.SliceThickness, ds.SpacingBetweenSlices = ["1", "1"], "2", "2"
    ds.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    ds.ImagePositionPatient = [f"{-plane.shape[1] / 2:.1f}", f"{-plane.shape[0] / 2:.1f}", f"{2.0 * number - 60:.1f}"]
    ds.SliceLocation = f"{2.0 * number - 60:.1f}"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.WindowCenter, ds.WindowWidth = "450", "900"
    ds.PixelData = np.ascontiguousarray(plane).tobytes()
    return ds


def packaged(file_name: str, who: Identity) -> Iterator[Dataset]:
    """One real file of pydicom-data with a made-up identity; none when the package is not there."""
    path = get_testdata_file(file_name, download=False)
    if not path:
        return
    ds = dcmread(str(path))
    write_identity(ds, who)
    yield ds
