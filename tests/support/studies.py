"""Studies for tests: the real 108-slice CT head where Debian's package is there, with made-up identities planted."""

import gzip
import io
import plistlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

CRANIUM = Path("/usr/share/doc/invesalius-examples/examples/Cranium.inv3")


@dataclass(frozen=True)
class Planted:
    """A made-up patient and every value of theirs that must be found nowhere."""

    name: str = "Zaveriwal^Quirina Xandi"
    patient_id: str = "UHID2026QX77123"
    accession: str = "RADQX5550199"
    referrer: str = "Yazbektar^Ximo Quorl"
    phone: str = "+91 9811122334"
    birth_date: str = "19630227"
    institution: str = "Zorawar Xavier Clinic"

    def canaries(self) -> list[bytes]:
        """The byte strings to search for."""
        family, given = self.name.split("^")
        words = [
            family,
            *given.split(),
            f"{given} {family}",
            self.patient_id,
            self.accession,
            *self.referrer.replace("^", " ").split(),
            self.phone,
            self.phone.replace(" ", ""),
            self.institution,
        ]
        uids = [generate_uid(entropy_srcs=[self.patient_id, part]) for part in ("st", "se", "fr", "0", "54", "107")]
        plain = [word for word in [*words, *uids] if len(word) >= 5]
        return [word.encode() for word in plain] + [word.upper().encode() for word in plain]


def ct_volume() -> np.ndarray:
    """The CT head of Debian's invesalius-examples as (slice, row, column) in HU, int16, row 0 in front."""
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(CRANIUM.read_bytes()))) as archive:
        names = {Path(member.name).name: member for member in archive.getmembers()}
        main = plistlib.loads(_content(archive, names["main.plist"]))
        matrix = main["matrix"]
        raw = _content(archive, names[matrix["filename"]])
        volume = np.frombuffer(raw, np.dtype(matrix["dtype"])).reshape(matrix["shape"])
    # InVesalius counts rows from the back of the head; DICOM's axial rows run from front to back.
    return volume[:, ::-1, :]


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    handle = archive.extractfile(member)
    assert handle is not None
    return handle.read()


def ct_series(planted: Planted, slices: int | None = None, size: int = 256) -> Iterator[Dataset]:
    """The CT head as DICOM slices with the planted identity; a synthetic head where the package is missing."""
    volume = ct_volume() if CRANIUM.exists() else synthetic_head(108, size)
    study, series, frame = (generate_uid(entropy_srcs=[planted.patient_id, part]) for part in ("st", "se", "fr"))
    count = volume.shape[0] if slices is None else slices
    for number in range(count):
        ds = ct_slice(np.ascontiguousarray(volume[number]).astype("<i2"), number, planted)
        ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = study, series, frame
        ds.SOPInstanceUID = generate_uid(entropy_srcs=[planted.patient_id, str(number)])
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        yield ds


def synthetic_head(slices: int, size: int) -> np.ndarray:
    """An ellipsoid with a skull, in HU: enough to scroll, nobody's head."""
    z, y, x = np.mgrid[-1 : 1 : slices * 1j, -1 : 1 : size * 1j, -1 : 1 : size * 1j]
    radius = np.sqrt((x / 0.7) ** 2 + (y / 0.85) ** 2 + (z / 0.95) ** 2)
    volume = np.full(radius.shape, -1000, np.int16)
    volume[radius < 1.0] = 900
    volume[radius < 0.92] = 35
    volume[(x**2 * 12 + y**2 * 4 + z**2 * 6) < 0.25] = 8
    return volume


def ct_slice(plane: np.ndarray, number: int, planted: Planted) -> Dataset:
    """One axial CT slice of 0.96 mm pixels, 1.5 mm apart, with the planted identity in its header."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = CTImageStorage
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.Modality, ds.Manufacturer, ds.BodyPartExamined = "CT", "Test Scanners", "HEAD"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate = planted.name, planted.patient_id, planted.birth_date
    ds.PatientSex, ds.PatientAge = "F", "063Y"
    ds.AccessionNumber, ds.ReferringPhysicianName = planted.accession, planted.referrer
    ds.InstitutionName = planted.institution
    ds.PatientComments = f"call {planted.phone} for {planted.name.replace('^', ' ')}"
    ds.StudyDescription = f"NCCT HEAD {planted.name.split('^')[0]}"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = "20260918"
    ds.StudyTime = "093000"
    ds.SeriesNumber, ds.InstanceNumber = 3, number + 1
    ds.Rows, ds.Columns = plane.shape
    ds.PixelSpacing, ds.SliceThickness = ["0.957", "0.957"], "1.5"
    ds.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    ds.ImagePositionPatient = ["-122.5", "-122.5", f"{number * 1.5 - 80:.1f}"]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 1
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "0", "1", "HU"
    ds.WindowCenter, ds.WindowWidth = "40", "80"
    ds.PixelData = plane.tobytes()
    return ds


def write_series(folder: Path, planted: Planted, slices: int | None = None) -> list[Path]:
    """Write the CT series into `folder` and return the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, ds in enumerate(ct_series(planted, slices)):
        path = folder / f"{number:04d}.dcm"
        ds.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths
