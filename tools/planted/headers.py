"""Write a made-up patient into a real header, at every place an identifier is known to hide.

Source: PS3.3 and PS3.6 for the attributes; PS3.5 section 7.8 (private elements); PS3.10 section 7.1 (preamble and
group 0002).
"""

from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_fragments
from pydicom.sequence import Sequence
from pydicom.uid import UID

from planted.people import Patient
from planted.values import UID_ROOT

OWN_CREATOR = "SHRI RIS 1.0"
VENDOR_CREATOR = "GEMS_PARM_01"
BLOB_CREATOR = "SIEMENS MR HEADER"
# An attribute the dictionary does not know, in a group of the patient: PS3.15 has no row for it.
UNKNOWN_TAG = 0x00104002


def item(**attributes: object) -> Dataset:
    """A data set with these attributes."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def write(ds: Dataset, patient: Patient, number: int, series_uid: str) -> None:
    """Make `ds` instance `number` (from 1) of that patient's series."""
    for keyword, value in patient.top.items():
        setattr(ds, keyword, value)
    _uids(ds, patient, series_uid)
    _slice(ds, number)
    _sequences(ds, patient)
    _private(ds, patient)
    _odd_corners(ds, patient)
    ds.SpecificCharacterSet = "ISO_IR 192"
    _file_meta(ds, patient)


def _uids(ds: Dataset, patient: Patient, series_uid: str) -> None:
    ds.StudyInstanceUID, ds.SeriesInstanceUID = patient.uids["study"], series_uid
    ds.FrameOfReferenceUID, ds.DeviceUID = patient.uids["frame"], patient.uids["device"]
    ds.SOPInstanceUID = patient.values.uid()


def _slice(ds: Dataset, number: int) -> None:
    """What a scanner changes from slice to slice."""
    time = f"10{number // 60 % 60:02d}{number % 60:02d}.{number * 997 % 10**6:06d}"
    ds.InstanceCreationTime = ds.AcquisitionTime = ds.ContentTime = time
    ds.InstanceNumber = ds.AcquisitionNumber = number
    height = f"{number * 2.5 - 60:.3f}"
    ds.SliceLocation, ds.TablePosition = height, number * 2.5
    ds.ImagePositionPatient = [f"{-125 + number * 0.01:.3f}", "-125.0", height]
    ds.WindowCenter, ds.WindowWidth = str(40 + number % 7), str(80 + number % 11)
    ds.XRayTubeCurrent, ds.ExposureTime = 200 + number % 90, 1000 + number % 50
    ds.add_new("SmallestImagePixelValue", "US", number % 50)
    ds.add_new("LargestImagePixelValue", "US", 1500 + number % 300)


def _sequences(ds: Dataset, patient: Patient) -> None:
    said = patient.elsewhere
    ds.OtherPatientIDsSequence = Sequence(
        [item(PatientID=said["pid"], TypeOfPatientID="TEXT"), item(PatientID=said["aadhaar"], TypeOfPatientID="TEXT")]
    )
    code = item(CodeValue="121005", CodingSchemeDesignator="99HOSP", CodeMeaning=said["meaning"])
    requester = item(PersonIdentificationCodeSequence=Sequence([code]))
    request = item(
        ScheduledProcedureStepDescription=said["step"],
        RequestedProcedureID=said["request"],
        RequestingPhysicianIdentificationSequence=Sequence([requester]),
    )
    ds.RequestAttributesSequence = Sequence([request])
    ds.ReferencedPatientSequence = Sequence(
        [
            item(
                PatientName=said["person"],
                ReferencedSOPClassUID="1.2.840.10008.3.1.2.1.1",
                ReferencedSOPInstanceUID=patient.uids["referenced"],
            )
        ]
    )
    ds.ReferencedStudySequence = Sequence(
        [
            item(
                ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1",
                ReferencedSOPInstanceUID=patient.uids["referenced_study"],
            )
        ]
    )
    ds.AcquisitionContextSequence = Sequence([item(ValueType="TEXT", TextValue=said["context"])])
    before = item(PatientName=said["original"])
    ds.OriginalAttributesSequence = Sequence(
        [item(ModifiedAttributesSequence=Sequence([before]), ReasonForTheAttributeModification="CORRECT")]
    )
    ds.ContentSequence = Sequence([item(ValueType="PNAME", PersonName=said["content"])])
    referrer = item(CodeValue="1", CodingSchemeDesignator="99X", CodeMeaning="Referrer")
    ds.ReferringPhysicianIdentificationSequence = Sequence(
        [item(PersonAddress=said["referrer"], PersonIdentificationCodeSequence=Sequence([referrer]))]
    )


def _private(ds: Dataset, patient: Patient) -> None:
    said = patient.elsewhere
    own = ds.private_block(0x0029, OWN_CREATOR, create=True)
    own.add_new(0x10, "LO", said["own_name"])
    own.add_new(0x11, "LO", said["own_id"])
    own.add_new(0x12, "UN", said["own_un"].encode())
    inner = item(PatientName=said["inner"])
    inner.private_block(0x0029, OWN_CREATOR, create=True).add_new(0x20, "LO", said["inner_own"])
    own.add_new(0x20, "SQ", Sequence([inner]))
    ds.private_block(0x0043, VENDOR_CREATOR, create=True).add_new(0xE8, "LO", said["vendor"])
    text = b'tPatientName = "' + said["blob"].encode() + b'"'
    blob = b"SV10\x04\x03\x02\x01" + bytes(64) + text + bytes(3000)
    ds.private_block(0x0051, BLOB_CREATOR, create=True).add_new(0xEE, "OB", blob + bytes(len(blob) % 2))


def _odd_corners(ds: Dataset, patient: Patient) -> None:
    said = patient.elsewhere
    ds.add_new(0x60024000, "LT", said["overlay"])
    ds.add_new(0x60020010, "US", 0)
    ds.add_new(0x50000022, "LO", said["curve"])
    ds.add_new(0xFFFCFFFC, "OB", said["padding"].encode().ljust(64, b"\0")[:64])
    unknown = said["unknown"].encode()
    ds.add_new(UNKNOWN_TAG, "UN", unknown + b" " * (len(unknown) % 2))


def _file_meta(ds: Dataset, patient: Patient) -> None:
    ds.preamble = patient.elsewhere["preamble"].encode().ljust(128, b"\0")[:128]
    meta = ds.file_meta
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    meta.SourceApplicationEntityTitle = patient.elsewhere["title"]
    meta.PrivateInformationCreatorUID = UID(f"{UID_ROOT}1")
    information = patient.elsewhere["information"].encode()
    meta.PrivateInformation = information + b" " * (len(information) % 2)


def marked(pixels: bytes, number: int, *, encapsulated: bool) -> bytes:
    """The pixel value made unique by `number`, so that a renamed output can be matched to its input."""
    mark = b"\0\0" + number.to_bytes(4, "little") + b"\0\0"
    if encapsulated:
        # After the end of the codestream, where decoders stop.
        return encapsulate([b"".join(generate_fragments(pixels)) + mark])
    return mark + pixels[len(mark) :]
