"""Objects that are not images, with made-up identities planted wherever people write: real ones and made ones.

The real ones are those that pydicom ships. Every planted text holds CANARY, every planted UID begins with ROOT.
"""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

CANARY = "ZQXCANARY"
ROOT = "1.2.826.0.1.3680043.10.4242"
IMAGE_UID, STUDY_UID, FRAME_UID = f"{ROOT}.7.1", f"{ROOT}.7.900", f"{ROOT}.7.902"
CT = "1.2.840.10008.5.1.4.1.1.2"
_STORAGE = "1.2.840.10008.5.1.4.1.1"


def dataset(**values: object) -> Dataset:
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def code(value: str, scheme: str, meaning: str = f"meant {CANARY}") -> Dataset:
    return dataset(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def reference(uid: str = IMAGE_UID, sop_class: str = CT) -> Dataset:
    return dataset(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=uid)


def with_identity(made: Dataset) -> Dataset:
    """`made` with a patient, a visit, the people involved and private data, all of them planted."""
    made.PatientName, made.PatientID = f"{CANARY}^Quirina", f"UHID{CANARY}"
    made.PatientBirthDate, made.PatientSex = "19630227", "F"
    made.StudyDate, made.StudyTime, made.ContentDate, made.ContentTime = "20240311", "1015", "20240312", "1100"
    made.StudyInstanceUID, made.AccessionNumber = STUDY_UID, f"A{CANARY}"
    made.ReferringPhysicianName = made.OperatorsName = made.ContentCreatorName = f"{CANARY}^Dr"
    made.InstitutionName = made.StudyDescription = made.SeriesDescription = f"Ward {CANARY}"
    made.StudyID = CANARY
    made.private_block(0x0033, f"ACME {CANARY}", create=True).add_new(0, "LO", CANARY)
    return made


def file_of(made: Dataset) -> bytes:
    """`made` as a whole file, explicit little endian unless it has a syntax of its own."""
    out = BytesIO()
    if not isinstance(made, FileDataset):
        made.file_meta = FileMetaDataset()
        made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
        made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    pydicom.dcmwrite(out, made, enforce_file_format=True)
    return out.getvalue()


def read(content: bytes) -> FileDataset:
    return pydicom.dcmread(BytesIO(content))


def shipped(name: str) -> FileDataset:
    path = get_testdata_file(name, download=False)
    assert isinstance(path, str), f"pydicom ships no {name}"
    made = pydicom.dcmread(path, force=True)
    if "TransferSyntaxUID" not in made.file_meta:  # the structure set comes as a bare data set
        made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    return made


def _made(sop_class: str, modality: str) -> Dataset:
    made = dataset(
        SpecificCharacterSet="ISO_IR 192", SOPClassUID=sop_class, SOPInstanceUID=f"{ROOT}.8.1", Modality=modality
    )
    made.SeriesInstanceUID, made.SeriesNumber, made.InstanceNumber = f"{ROOT}.8.2", 1, 1
    made.Manufacturer, made.ManufacturerModelName = "Acme", "Model"
    return with_identity(made)


def segmentation() -> Dataset:
    made = with_identity(shipped("liver_1frame.dcm"))
    segment = made.SegmentSequence[0]
    segment.SegmentLabel = segment.SegmentDescription = segment.SegmentAlgorithmName = f"liver of {CANARY}"
    segment.SegmentedPropertyTypeCodeSequence = [code("10200004", "SCT")]
    segment.SegmentedPropertyCategoryCodeSequence = [code(CANARY, "99ACME")]
    made.ContentLabel, made.ContentDescription = CANARY, f"drawn for {CANARY}"
    made.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPInstanceUID = IMAGE_UID
    return made


def structure_set() -> Dataset:
    made = with_identity(shipped("rtstruct.dcm"))
    made.StructureSetLabel = made.StructureSetName = made.StructureSetDescription = CANARY
    for roi in made.StructureSetROISequence:
        roi.ROIName = roi.ROIDescription = f"GTV {CANARY}"
    for observation in made.RTROIObservationsSequence:
        observation.ROIObservationLabel, observation.ROIInterpreter = CANARY, f"{CANARY}^Dr"
    frame = made.ReferencedFrameOfReferenceSequence[0].RTReferencedStudySequence[0].RTReferencedSeriesSequence[0]
    frame.ContourImageSequence = [reference()]
    return made


def plan() -> Dataset:
    made = with_identity(shipped("rtplan.dcm"))
    made.RTPlanLabel = made.RTPlanName = made.RTPlanDescription = CANARY
    made.ApprovalStatus, made.ReviewDate, made.ReviewTime, made.ReviewerName = "APPROVED", "20240312", "11", CANARY
    made.BeamSequence[0].BeamName = made.BeamSequence[0].BeamDescription = CANARY
    made.BeamSequence[0].TreatmentMachineName = CANARY
    made.DoseReferenceSequence[0].DoseReferenceDescription = CANARY
    return made


def dose() -> Dataset:
    made = with_identity(shipped("rtdose.dcm"))
    made.DoseComment = f"checked by {CANARY}"
    made.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID = f"{ROOT}.8.1"
    return made


def treatment_record() -> Dataset:
    made = _made(f"{_STORAGE}.481.4", "RTRECORD")
    made.TreatmentDate, made.TreatmentTime, made.OperatorsName = "20240313", "1200", f"{CANARY}^Op"
    made.ReferencedRTPlanSequence = [reference(f"{ROOT}.8.9", f"{_STORAGE}.481.5")]
    made.TreatmentMachineSequence = [dataset(TreatmentMachineName=CANARY, InstitutionName=CANARY, Manufacturer="Acme")]
    made.TreatmentSessionBeamSequence = [
        dataset(BeamName=CANARY, ReferencedBeamNumber=3, BeamNumber=3, TreatmentVerificationStatus="VERIFIED")
    ]
    return made


def electrocardiogram() -> Dataset:
    made = with_identity(shipped("waveform_ecg.dcm"))
    made.WaveformAnnotationSequence[0].UnformattedTextValue = f"seen by {CANARY}"
    for group in made.WaveformSequence:
        group.MultiplexGroupLabel = CANARY
        group.ChannelDefinitionSequence[0].ChannelLabel = CANARY
    return made


def _parametric_map(bits: int) -> Dataset:
    made = _made(f"{_STORAGE}.30", "MR")
    made.ContentLabel, made.ContentDescription = CANARY, f"map of {CANARY}"
    made.Rows = made.Columns = 4
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.NumberOfFrames = bits, 1
    mapping = dataset(LUTExplanation=f"of {CANARY}", LUTLabel=CANARY, RealWorldValueSlope=1.0)
    mapping.MeasurementUnitsCodeSequence = [code("mm2/s", "UCUM")]
    made.SharedFunctionalGroupsSequence = [dataset(RealWorldValueMappingSequence=[mapping])]
    values = np.arange(16, dtype=f"<f{bits // 8}").tobytes()
    made.add_new(0x7FE00008 if bits == 32 else 0x7FE00009, "OF" if bits == 32 else "OD", values)
    return made


def parametric_map() -> Dataset:
    return _parametric_map(32)


def parametric_map_of_doubles() -> Dataset:
    return _parametric_map(64)


def presentation_state() -> Dataset:
    made = _made(f"{_STORAGE}.11.1", "PR")
    made.ContentLabel, made.ContentDescription = CANARY, f"for {CANARY}"
    made.PresentationCreationDate, made.PresentationCreationTime = "20240312", "1100"
    made.ReferencedSeriesSequence = [dataset(SeriesInstanceUID=f"{ROOT}.7.901", ReferencedImageSequence=[reference()])]
    area = dataset(DisplayedAreaTopLeftHandCorner=[1, 1], DisplayedAreaBottomRightHandCorner=[8, 8])
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    made.DisplayedAreaSelectionSequence = [area]
    made.SoftcopyVOILUTSequence = [
        dataset(WindowCenter="40", WindowWidth="400", WindowCenterWidthExplanation=f"as {CANARY} likes it")
    ]
    text = dataset(UnformattedTextValue=f"here {CANARY}", AnchorPoint=[1.0, 1.0], AnchorPointVisibility="Y")
    text.AnchorPointAnnotationUnits = "PIXEL"
    made.GraphicAnnotationSequence = [dataset(GraphicLayer=CANARY, TextObjectSequence=[text])]
    made.GraphicLayerSequence = [dataset(GraphicLayer=CANARY, GraphicLayerOrder=1, GraphicLayerDescription=CANARY)]
    made.PresentationLUTShape = "IDENTITY"
    return made


def registration() -> Dataset:
    made = _made(f"{_STORAGE}.66.1", "REG")
    made.ContentLabel, made.ContentDescription, made.FrameOfReferenceUID = CANARY, CANARY, FRAME_UID
    matrix = dataset(FrameOfReferenceTransformationMatrix=[1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    matrix.FrameOfReferenceTransformationMatrixType, matrix.FrameOfReferenceTransformationComment = "RIGID", CANARY
    inner = dataset(MatrixSequence=[matrix], RegistrationTypeCodeSequence=[code("125025", "DCM")])
    made.RegistrationSequence = [
        dataset(
            FrameOfReferenceUID=FRAME_UID, ReferencedImageSequence=[reference()], MatrixRegistrationSequence=[inner]
        )
    ]
    return made


def fiducials() -> Dataset:
    made = _made(f"{_STORAGE}.66.2", "FID")
    made.ContentLabel, made.ContentDescription = CANARY, CANARY
    point = dataset(FiducialIdentifier=CANARY, FiducialDescription=CANARY, ShapeType="POINT")
    point.FiducialUID, point.GraphicCoordinatesDataSequence = f"{ROOT}.8.77", []
    point.ContourData = [1, 2, 3]
    made.FiducialSetSequence = [dataset(FrameOfReferenceUID=FRAME_UID, FiducialSequence=[point])]
    return made


def _item(value_type: str, name: Dataset | None, relation: str = "CONTAINS", **values: object) -> Dataset:
    made = dataset(RelationshipType=relation, ValueType=value_type, **values)
    if name is not None:
        made.ConceptNameCodeSequence = [name]
    return made


def report() -> Dataset:
    """A report with every kind of content item, and a reference between two of them."""
    made = _made(f"{_STORAGE}.88.33", "SR")
    made.ValueType, made.ContinuityOfContent = "CONTAINER", "SEPARATE"
    made.ConceptNameCodeSequence = [code("126000", "DCM")]
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "VERIFIED"
    made.CompletionFlagDescription = CANARY
    observer = dataset(VerifyingObserverName=CANARY, VerifyingOrganization=CANARY, VerificationDateTime="20240312")
    observer.VerifyingObserverIdentificationCodeSequence = [code(CANARY, "99ACME")]
    made.VerifyingObserverSequence = [observer]
    evidence = dataset(SeriesInstanceUID=f"{ROOT}.7.901", ReferencedSOPSequence=[reference()])
    made.CurrentRequestedProcedureEvidenceSequence = [
        dataset(StudyInstanceUID=STUDY_UID, ReferencedSeriesSequence=[evidence])
    ]
    made.PerformedProcedureCodeSequence = []
    measured = dataset(NumericValue="12.5", MeasurementUnitsCodeSequence=[code("mm", "UCUM")])
    finding = code("121071", "DCM")
    group = _item("CONTAINER", code("125007", "DCM"), ContinuityOfContent="SEPARATE")
    group.ContentSequence = [
        _item("TEXT", code("121106", "DCM"), TextValue=f"a comment on {CANARY}"),
        _item("TEXT", finding, TextValue=f"{CANARY} has a nodule"),
        _item("CODE", finding, ConceptCodeSequence=[code("27925004", "SCT")]),
        _item("CODE", finding, ConceptCodeSequence=[code(CANARY, "99ACME")]),
        _item("NUM", code("103355008", "SCT"), MeasuredValueSequence=[measured]),
        _item("IMAGE", code("121112", "DCM"), ReferencedSOPSequence=[reference()]),
        _item("SCOORD", None, "INFERRED FROM", GraphicType="POINT", GraphicData=[1.5, 2.5]),
        dataset(RelationshipType="INFERRED FROM", ReferencedContentItemIdentifier=[1, 6, 5]),
        dataset(RelationshipType="INFERRED FROM", ReferencedContentItemIdentifier=[1, 2]),
    ]
    local = _item("CONTAINER", code(CANARY, "99ACME"), ContinuityOfContent="SEPARATE")
    local.ContentSequence = [
        _item("TEXT", code(CANARY, "99ACME"), TextValue=CANARY),
        _item("NUM", code("103355008", "SCT"), MeasuredValueSequence=[measured]),
    ]
    made.ContentSequence = [
        _item("PNAME", code("121008", "DCM"), "HAS OBS CONTEXT", PersonName=f"{CANARY}^Reader"),
        _item("TEXT", code("121022", "DCM"), "HAS OBS CONTEXT", TextValue=f"A{CANARY}"),
        _item("DATE", code("121031", "DCM"), "HAS OBS CONTEXT", Date="19630227"),
        _item("UIDREF", code("110180", "DCM"), "HAS OBS CONTEXT", UID=STUDY_UID),
        _item("DATETIME", code("111526", "DCM"), "HAS OBS CONTEXT", DateTime="20240311101500"),
        group,
        local,
        _item("NUM", code("121033", "DCM"), "HAS OBS CONTEXT", MeasuredValueSequence=[measured]),
    ]
    return made


def key_objects() -> Dataset:
    made = _made(f"{_STORAGE}.88.59", "KO")
    made.ValueType, made.ContinuityOfContent = "CONTAINER", "SEPARATE"
    made.ConceptNameCodeSequence = [code("113000", "DCM")]
    evidence = dataset(SeriesInstanceUID=f"{ROOT}.7.901", ReferencedSOPSequence=[reference()])
    made.CurrentRequestedProcedureEvidenceSequence = [
        dataset(StudyInstanceUID=STUDY_UID, ReferencedSeriesSequence=[evidence])
    ]
    made.ContentSequence = [
        _item("TEXT", code("113012", "DCM"), TextValue=f"show {CANARY}"),
        _item("IMAGE", None, ReferencedSOPSequence=[reference()]),
    ]
    return made


OBJECTS: dict[str, Callable[[], Dataset]] = {
    made.__name__: made
    for made in (
        *(segmentation, structure_set, plan, dose, treatment_record, electrocardiogram),
        *(parametric_map, parametric_map_of_doubles, presentation_state, registration, fiducials, report, key_objects),
    )
}
