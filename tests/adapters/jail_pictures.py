"""What the test of pictures asks for inside the jail: read, look through every frame, write anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from confrere.core.pixels.arrivals import read_pictures
from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.terms.kinds import FileKind

NAMES = NewNames("2.25.1", "2.25.2", "2.25.3")


def take(blobs: Sequence[bytes], args: Mapping[str, Any]) -> tuple[Any, Sequence[bytes]]:
    found = read_pictures(bytes(blobs[0]), FileKind(args["kind"]))
    return {"holds": list(found.holds)}, [as_dicom(picture, NAMES) for picture in found.pictures]
