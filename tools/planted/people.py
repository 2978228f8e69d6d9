"""One made-up patient: every identifier of theirs, and the place in a header where each one is planted.

A value belongs to one patient and one place, so that a search over any output says which place leaked.
Source: the places are those that de-identifiers are known to forget; PS3.6 for their names.
"""

from dataclasses import dataclass, field

from planted.values import Values


@dataclass(frozen=True, slots=True)
class Plant:
    """A planted value: the category and place it stands for, how it reads, and the bytes it was written as."""

    category: str
    place: str
    text: str
    raw: bytes

    def as_json(self) -> list[str]:
        """The row of the corpus's manifest."""
        return [self.category, self.place, self.text, self.raw.hex()]

    @classmethod
    def from_json(cls, row: list[str]) -> "Plant":
        """The plant of a row of the manifest."""
        category, place, text, raw = row
        return cls(category, place, text, bytes.fromhex(raw))


# Attribute to kind of value, for what is planted at the top level as it is.
_STANDARD = {
    "PatientName": "name",
    "PatientID": "uhid",
    "OtherPatientIDs": "uhid",
    "OtherPatientNames": "name",
    "PatientBirthName": "name",
    "PatientMotherBirthName": "name",
    "PatientAddress": "address",
    "PatientTelephoneNumbers": "phone",
    "AccessionNumber": "accession",
    "StudyID": "accession",
    "InstitutionAddress": "address",
    "ReferringPhysicianName": "name",
    "ReferringPhysicianTelephoneNumbers": "phone",
    "PerformingPhysicianName": "name",
    "OperatorsName": "name",
    "RequestingPhysician": "name",
    "NameOfPhysiciansReadingStudy": "name",
    "InsurancePlanIdentification": "aadhaar",
    "IssuerOfPatientID": "email",
    "MedicalRecordLocator": "uhid",
    "ResponsiblePerson": "name",
    "StationName": "accession",
    "DeviceSerialNumber": "accession",
    "PerformedProcedureStepID": "accession",
    "AdmissionID": "accession",
}

# Attribute to a sentence with a value in it.
_FREE = {
    "PatientComments": ("Aadhaar {} verified", "aadhaar"),
    "ImageComments": ("call {} with result", "phone"),
    "AdditionalPatientHistory": ("w/o {}, fall from height", "said"),
    "StudyDescription": ("CT BRAIN {}", "said"),
    "SeriesDescription": ("5mm axial {}", "said"),
    "ProtocolName": ("HEAD {}", "uhid"),
    "RequestedProcedureDescription": ("NCCT head for {}", "said"),
    "DerivationDescription": ("recon by {}", "said"),
    "PerformedProcedureStepDescription": ("brain {}", "said"),
    "AcquisitionComments": ("pt {} moved", "uhid"),
    "ContrastBolusAgent": ("Omnipaque given by {}", "said"),
}

# Key, category, place, kind: what `headers.write` puts into sequences, private elements and odd corners.
_ELSEWHERE = (
    ("pid", "nested", "OtherPatientIDsSequence/PatientID", "uhid"),
    ("aadhaar", "nested", "OtherPatientIDsSequence[1]/PatientID", "aadhaar"),
    ("step", "nested", "RequestAttributesSequence/ScheduledProcedureStepDescription", "said"),
    ("request", "nested", "RequestAttributesSequence/RequestedProcedureID", "accession"),
    ("meaning", "nested", "RequestAttributesSequence/../PersonIdentificationCodeSequence/CodeMeaning", "said"),
    ("person", "nested", "ReferencedPatientSequence/PatientName", "name"),
    ("context", "nested", "AcquisitionContextSequence/TextValue", "phone"),
    ("original", "nested", "OriginalAttributesSequence/ModifiedAttributesSequence/PatientName", "name"),
    ("content", "nested", "ContentSequence/PersonName", "name"),
    ("referrer", "nested", "ReferringPhysicianIdentificationSequence/PersonAddress", "address"),
    ("own_name", "privown", "(0029,xx10) LO", "name"),
    ("own_id", "privown", "(0029,xx11) LO", "uhid"),
    ("own_un", "privown", "(0029,xx12) UN", "aadhaar"),
    ("vendor", "privvend", "vendor block LO", "said"),
    ("blob", "privblob", "vendor block OB", "name"),
    ("inner", "privsq", "private SQ/PatientName", "name"),
    ("inner_own", "privsq", "private SQ/private LO", "phone"),
    ("preamble", "meta", "preamble", "said"),
    ("information", "meta", "PrivateInformation", "name"),
    ("padding", "trail", "DataSetTrailingPadding", "said"),
    ("overlay", "trail", "OverlayComments(6002)", "said"),
    ("curve", "trail", "CurveDescription(5000)", "said"),
    ("unknown", "un", "(0010,4002) as UN", "phone"),
)

_UIDS = {
    "study": "StudyInstanceUID",
    "frame": "FrameOfReferenceUID",
    "referenced": "ReferencedPatientSequence/ReferencedSOPInstanceUID",
    "referenced_study": "ReferencedStudySequence/ReferencedSOPInstanceUID",
    "device": "DeviceUID",
}

_DATES = ("StudyDate", "SeriesDate", "LastMenstrualDate")


@dataclass(slots=True)
class Patient:
    """Everything planted for one patient; every instance of theirs carries the same."""

    key: str
    values: Values
    plants: list[Plant] = field(default_factory=list)
    top: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Invent the patient."""
        for keyword, kind in _STANDARD.items():
            self.top[keyword] = self.plant("std", keyword, self.make(kind))
        self.top["InstitutionName"] = self.plant(
            "std", "InstitutionName", f"Shri {self.values.said()} Memorial Hospital"
        )
        for keyword, (sentence, kind) in _FREE.items():
            self.top[keyword] = sentence.format(self.plant("free", keyword, self.make(kind)))
        for key, category, place, kind in _ELSEWHERE:
            self.elsewhere[key] = self.plant(category, place, self.make(kind))
        title = f"AE{self.values.accession()[3:]}"
        self.elsewhere["title"] = self.plant("meta", "SourceApplicationEntityTitle", title)
        self.top["PatientBirthDate"] = self.plant("date", "PatientBirthDate", self.values.date(1931, 2012))
        for keyword in _DATES:
            self.top[keyword] = self.plant("date", keyword, self.values.date(2016, 2026))
        day = self.plant("date", "AcquisitionDateTime", self.values.date(2016, 2026))
        self.top["AcquisitionDateTime"] = f"{day}101530.000000"
        for key, place in _UIDS.items():
            self.uids[key] = self.plant("uid", place, self.values.uid())

    def make(self, kind: str) -> str:
        """A new value of that kind."""
        made: str = getattr(self.values, kind)()
        return made

    def plant(self, category: str, place: str, text: str, raw: bytes | None = None) -> str:
        """Note that `text` is planted at `place`, as `raw` or in UTF-8, and return it."""
        self.plants.append(Plant(category, place, text, text.encode() if raw is None else raw))
        return text

    def forget(self, *places: str) -> None:
        """Take back what was planted at `places`: the file at hand has something else there, or no such place."""
        self.plants = [plant for plant in self.plants if plant.place not in places]
