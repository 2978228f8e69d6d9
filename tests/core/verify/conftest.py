"""A small CT instance built by hand: with a made-up identity, and as an engine should leave it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

Build = Callable[[], Dataset]
Write = Callable[[Dataset], bytes]

ORIGINAL_UID = UID("1.2.356.9999.1.20240229.77.123456")


def _ct() -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.SOPClassUID = CTImageStorage
    dataset.Modality = "CT"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.Manufacturer = "GE MEDICAL SYSTEMS"
    dataset.ManufacturerModelName = "LightSpeed VCT"
    dataset.SoftwareVersions = "gmp_vct.42"
    dataset.ConvolutionKernel = "STANDARD"
    dataset.BodyPartExamined = "HEAD"
    dataset.ImagePositionPatient = ["-125.00000", "-125.9876543210", "20240229.5"]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ExposureTime = "1000"
    dataset.Rows = dataset.Columns = 8
    dataset.BitsAllocated, dataset.SamplesPerPixel = 16, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = bytes(range(128))
    return dataset


@pytest.fixture
def write() -> Write:
    """The bytes of a data set as a file."""

    def as_file(dataset: Dataset) -> bytes:
        out = BytesIO()
        dataset.save_as(out, enforce_file_format=True)
        return out.getvalue()

    return as_file


@pytest.fixture
def identified() -> Dataset:
    """An instance that carries every kind of identifier."""
    dataset = _ct()
    dataset.file_meta.MediaStorageSOPInstanceUID = ORIGINAL_UID
    dataset.SOPInstanceUID = ORIGINAL_UID
    dataset.PatientName = "Sharma^Rajesh Kavina"
    dataset.OperatorsName = "Rao^Om"
    dataset.PatientID = "UHID20190001234"
    dataset.AccessionNumber = "A4711"
    dataset.PatientBirthDate = "19560229"
    dataset.StudyDate, dataset.SeriesDate = "20240115", "20240117"
    dataset.PatientTelephoneNumbers = "+91 98765 43210"
    dataset.InstitutionName = "Shri Venkatesh Memorial Hospital"
    dataset.StudyDescription = "CT BRAIN for Meenakshi"
    dataset.RequestAttributesSequence = Sequence([Dataset()])
    dataset.RequestAttributesSequence[0].ScheduledProcedureStepDescription = "head of Harjit"
    block = dataset.private_block(0x0029, "SHRI RIS 1.0", create=True)
    block.add_new(0x10, "OB", b"\x01\x02\x00tGuarantor = Lakshmi Pillai\x00\x00")
    return dataset


@pytest.fixture
def clean() -> Dataset:
    """The same instance without any of it, dates moved by 100 days."""
    dataset = _ct()
    new = UID("2.25.202401151956022998765432101234567891")
    dataset.file_meta.MediaStorageSOPInstanceUID = new
    dataset.SOPInstanceUID = new
    dataset.PatientName = dataset.PatientID = "KQZTWHDMPXVBNRCL"
    dataset.StudyDate, dataset.SeriesDate = "20240424", "20240426"
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = "Basic Application Confidentiality Profile"
    return dataset
