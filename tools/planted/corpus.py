"""Make the corpus: series of made-up patients on the headers of real scanners; the same seed gives the same bytes.

Source: the headers are files of the packages pydicom and pydicom-data; nothing is fetched.
"""

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.uid import UID, ImplicitVRLittleEndian

from planted.headers import marked, write
from planted.manifest import CORPUS, Manifest
from planted.people import Patient, Plant
from planted.values import Values

CT = "CT_small.dcm"
# One in how many series of twenty, and the file: GE CT, Siemens MR, J2K, ultrasound palette, JPEG lossless.
_BASES = (
    (8, CT),
    (5, "MR-SIEMENS-DICOM-WithOverlays.dcm"),
    (2, "JPEG2000_UNC.dcm"),
    (2, "OBXXXX1A.dcm"),
    (1, "JPEG-LL.dcm"),
    (1, "693_J2KR.dcm"),
)
_IMPLICIT = "CT_small.dcm, implicit VR"


class NoBase(Exception):
    """A header to plant in is missing: install the locks `requirements-dev` and `requirements-demo`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make: `instances` in series of `per_series`, one patient each, from one `seed`."""

    instances: int
    per_series: int
    seed: int
    only_ct: bool = False


def read_base(name: str) -> Dataset:
    """The data set of a file of the packages. Raises NoBase where it is not installed."""
    found = get_testdata_file(name, download=False)
    if found is None:
        raise NoBase(f"{name} is not installed (packages pydicom and pydicom-data)")
    return pydicom.dcmread(str(found))


def _big_ct() -> Dataset:
    """The GE CT with its 128 x 128 pixels tiled to 512 x 512."""
    ct = read_base(CT)
    ct.PixelData = np.tile(ct.pixel_array, (4, 4)).astype("<i2").tobytes()
    ct.Rows = ct.Columns = 512
    return ct


def bases() -> list[tuple[str, Dataset]]:
    """Twenty headers to plant in, each kind spread evenly, so that a few series see several scanners."""
    implicit = _big_ct()
    implicit.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    pool = [(weight, name, _big_ct() if name == CT else read_base(name)) for weight, name in _BASES]
    pool.append((1, _IMPLICIT, implicit))
    spread = [((turn + 0.5) / weight, name, ds) for weight, name, ds in pool for turn in range(weight)]
    return [(name, ds) for _place, name, ds in sorted(spread, key=lambda one: one[0])]


def file_bytes(ds: Dataset) -> bytes:
    """The data set as a file of PS3.10, odd values and all."""
    out = BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


def instances(patient: Patient, base: Dataset, count: int, first_mark: int) -> Iterator[Dataset]:
    """One series of that patient on that header, slice by slice, each with pixels of its own."""
    ds = deepcopy(base)
    pixels, syntax = ds.PixelData, UID(ds.file_meta.TransferSyntaxUID)
    series = patient.plant("uid", "SeriesInstanceUID", patient.values.uid())
    for number in range(count):
        write(ds, patient, number + 1, series)
        ds.PixelData = marked(pixels, first_mark + number, encapsulated=syntax.is_encapsulated)
        yield ds


def make(folder: Path, plan: Plan) -> Manifest:
    """Write the corpus below `folder/in`, one folder for each patient; the caller saves the manifest."""
    pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
    manifest, values = Manifest(plan.seed), Values(plan.seed)
    pool = [(CT, _big_ct())] if plan.only_ct else bases()
    for turn, first in enumerate(range(0, plan.instances, plan.per_series)):
        patient = Patient(f"P{turn:04d}", values)
        name, base = pool[turn % len(pool)]
        (folder / CORPUS / patient.key).mkdir(parents=True, exist_ok=True)
        count = min(plan.per_series, plan.instances - first)
        for number, ds in enumerate(instances(patient, base, count, first)):
            path = f"{patient.key}/I{number:05d}.dcm"
            (folder / CORPUS / path).write_bytes(file_bytes(ds))
            manifest.files[path], manifest.bases[path] = patient.key, name
            manifest.pixels[path] = hashlib.sha256(ds.PixelData).hexdigest()
            uid = str(ds.SOPInstanceUID)
            manifest.own[path] = [Plant("uid", "SOPInstanceUID", uid, uid.encode())]
        manifest.plants[patient.key] = patient.plants
    return manifest


def make_study(folder: Path, series: int, per_series: int, seed: int) -> list[list[Path]]:
    """Write one CT study of one patient into `folder`; the files of each series, in order."""
    pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
    patient, base = Patient("P0000", Values(seed)), _big_ct()
    made: list[list[Path]] = []
    for number in range(series):
        below = folder / f"S{number:03d}"
        below.mkdir(parents=True, exist_ok=True)
        made.append([])
        for place, ds in enumerate(instances(patient, base, per_series, number * per_series)):
            ds.SeriesNumber = number + 1
            path = below / f"I{place:05d}.dcm"
            path.write_bytes(file_bytes(ds))
            made[-1].append(path)
    return made
