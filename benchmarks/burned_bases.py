"""Real pictures and stacks without text, out of packages that may be used for tests, for the sets of burned-in text."""

import tarfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import nibabel
import numpy as np
import pydicom
from pydicom.data import get_testdata_file

from confrere.core.pixels.instance_frames import frames_of

SIDE = 512

# Name of the picture, file, and the part without text (top, bottom, left, right) where the whole has some.
PICTURES: dict[str, tuple[str, tuple[int, int, int, int] | None]] = {
    "CT_abdomen": ("explicit_VR-UN.dcm", None),
    "CT_spine": ("bad_sequence.dcm", None),
    "CT_chest": ("rle.dcm", None),
    "CT_orbit": ("ser002img00001-16-signed.dcm", None),
    "CT_pelvis": ("MELANIX.dcm", None),
    "CT_scout": ("j2k.dcm", None),
    "MR_liver": ("MR-SIEMENS-DICOM-WithOverlays.dcm", None),
    "MR_shoulder": ("MR2_UNCI.dcm", None),
    "MR_heart": ("MR-MONO2-8-16x-heart.dcm", None),
    "MR_brain": ("brain_012.dcm", None),
    "CR_chest": ("RG1_UNCI.dcm", None),
    "CR_leg": ("RG3_UNCI.dcm", None),
    "CR_shoulder": ("monochrome2.dcm", None),
    "CR_cat": ("cat.dcm", None),
    "XA_coronary": ("jpeg_baseline_8bit.dcm", None),
    "US_heart": ("color3d_jpeg_baseline.dcm", (40, 400, 150, 520)),
    "US_sector": ("JPGLosslessP14SV1_1s_1f_8b.dcm", (120, 620, 250, 750)),
    "US_linear": ("GREYSCALE_IMAGE.dcm", (150, 640, 200, 690)),
}


class Folder:
    """The folder into which the packages were fetched and unpacked (benchmarks/README.md says how)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, name: str) -> Path:
        """The file of that name, in the folder or in pydicom-data."""
        found = next(iter(sorted(self.path.rglob(name))), None) or get_testdata_file(name)
        if found is None:
            raise SystemExit(f"{name} is not in {self.path}: see benchmarks/README.md")
        return Path(str(found))

    @cache  # noqa: B019  # one folder a run
    def head_ct(self) -> np.ndarray:
        """108 slices of 256 x 256, Hounsfield units."""
        with tarfile.open(self.find("Cranium.inv3")) as archive:
            name = next(name for name in archive.getnames() if name.endswith("matrix.dat"))
            member = archive.extractfile(name)
            assert member is not None
            return np.frombuffer(member.read(), "<i2").reshape(108, 256, 256)

    @cache  # noqa: B019
    def head_mr(self) -> np.ndarray:
        """256 axial slices of 256 x 192."""
        path = self.find("ds000031_sub-01_ses-006_run-001_T1w.nii.gz")
        volume = nibabel.as_closest_canonical(nibabel.load(path)).dataobj
        return np.ascontiguousarray(np.asarray(volume).transpose(2, 1, 0)[:, ::-1].astype(np.int16))

    def frame(self, name: str, index: int | None = None) -> np.ndarray:
        """Stored values of the middle frame (or `index`) of a file, bright means white."""
        frames = frames_of(self.find(name).read_bytes())
        return frames.frame(frames.count // 2 if index is None else index)


def windowed(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.clip((values.astype(np.float32) - (centre - width / 2)) / width * 255, 0, 255).astype(np.uint8)


def spread(values: np.ndarray) -> np.ndarray:
    if values.ndim == 3:
        return values.mean(axis=2).astype(np.uint8)
    low, high = np.percentile(values, (0.5, 99.5))
    return windowed(values, (low + high) / 2, max(high - low, 1))


def squared(picture: np.ndarray) -> np.ndarray:
    """The middle square at 512 x 512."""
    scale = SIDE / min(picture.shape)
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    grown = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    top, left = (grown.shape[0] - SIDE) // 2, (grown.shape[1] - SIDE) // 2
    return np.ascontiguousarray(grown[top : top + SIDE, left : left + SIDE])


def pictures(folder: Folder) -> dict[str, np.ndarray]:
    """23 pictures of 512 x 512 and 8 bits without text: 9 CT, 6 MR, 4 radiographs, 1 angiogram, 3 ultrasounds."""
    found = {}
    for name, (file, part) in PICTURES.items():
        frame = folder.frame(file)
        if part:
            frame = frame[part[0] : part[1], part[2] : part[3]]
        found[name] = squared(spread(frame))
    ct, mr = folder.head_ct(), folder.head_mr()
    for number, (index, centre, width) in enumerate(((40, 40, 120), (15, 40, 400), (80, 400, 2000)), 1):
        found[f"CT_head{number}"] = squared(windowed(ct[index], centre, width))
    found["MR_axial"] = squared(windowed(mr[150], 250, 500))
    found["MR_sagittal"] = squared(windowed(mr[:, :, 96][::-1], 250, 500))
    return dict(sorted(found.items()))


def deep(folder: Folder) -> dict[str, np.ndarray]:
    """Four pictures of 512 x 512 with all their depth."""
    found = {"CT head": folder.head_ct()[45], "CT abdomen": folder.frame("explicit_VR-UN.dcm")}
    found |= {"MR liver": folder.frame("MR-SIEMENS-DICOM-WithOverlays.dcm"), "CR chest": folder.frame("RG1_UNCI.dcm")}
    return {name: np.rint(squared(values.astype(np.float32))).astype(np.int32) for name, values in found.items()}


def stacks(folder: Folder) -> Iterator[tuple[str, np.ndarray]]:
    """Stacks of 512 x 512 and 8 bits, and the two heads with all their depth."""
    ct, mr = folder.head_ct(), folder.head_mr()[64:192]
    yield "CT head, 108 slices, 16 bits", ct
    yield "MR head, 128 slices, 16 bits", mr
    yield "CT head, 108 slices, windowed", np.stack([squared(windowed(one, 40, 200)) for one in ct])
    yield "MR head, 128 slices, windowed", np.stack([squared(windowed(one, 250, 500)) for one in mr])
    yield (
        "angiogram, 96 frames",
        pydicom.dcmread(BytesIO(folder.find("jpeg_baseline_8bit.dcm").read_bytes())).pixel_array,
    )
