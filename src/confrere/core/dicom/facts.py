"""What an instance says of itself before it is cleaned. Identified: it never leaves clearance."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class InstanceFacts:
    """Facts of one original instance; UIDs are the original ones, text is as decoded from the header.

    `age_years` comes from PatientAge, else from birth and study date; None when neither can be read.
    """

    study_instance_uid: str = field(repr=False)
    series_instance_uid: str = field(repr=False)
    sop_instance_uid: str = field(repr=False)
    sop_class_uid: str
    transfer_syntax_uid: str
    modality: str
    manufacturer: str
    model: str
    image_type: tuple[str, ...]
    patient_id: str = field(repr=False)
    issuer_of_patient_id: str = field(repr=False)
    patient_sex: str
    age_years: int | None
    body_part: str
    rows: int
    columns: int
    number_of_frames: int
    samples_per_pixel: int
    photometric_interpretation: str
    bits_allocated: int
    bits_stored: int
    burned_in_annotation: str
    has_pixels: bool
