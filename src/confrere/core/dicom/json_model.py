"""The DICOM JSON of a CLEANED instance, without pixels and other bulk.

Source: PS3.18 Annex F (DICOM JSON model).
"""

from io import BytesIO
from typing import Any

from pydicom import Dataset, dcmread

from confrere.core.dicom.dictionary import LONG_VRS
from confrere.core.terms import Refused

_BULK_VRS = frozenset(vr.decode("ascii") for vr in LONG_VRS if vr.startswith(b"O") or vr == b"UN")


def dicom_json(cleaned: bytes) -> dict[str, Any]:  # a JSON object: its values are JSON by nature
    """The attributes of one cleaned file as a DICOM JSON object, without file meta, pixels and binary tables.

    Raises Refused("bad-header") when the file cannot be read.
    """
    try:
        dataset = dcmread(BytesIO(cleaned), stop_before_pixels=True, force=False)
        _drop_bulk(dataset)
        return dataset.to_json_dict(suppress_invalid_tags=True)
    except Exception:
        # from None: the reader's own messages quote values.
        raise Refused("bad-header", "DICOM JSON") from None


def _drop_bulk(dataset: Dataset) -> None:
    for element in list(dataset):
        if element.VR in _BULK_VRS:
            del dataset[element.tag]
        elif element.VR == "SQ":
            for item in element.value:
                _drop_bulk(item)
