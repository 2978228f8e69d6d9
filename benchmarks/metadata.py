"""What is left of planted identifiers in photographs of five forms and in a film: ours, Pillow's save, exiftool's.

    python benchmarks/metadata.py [--seed TEXT]

Ours is the whole way: read, and written as a new DICOM instance, JPEG, PNG and WebP. Found anywhere counts, also in
UTF-16 and within deflated parts; of our own outputs exiftool is asked too what it still sees.
"""

import argparse
import io
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

import pi_heif  # noqa: E402
from figures import ended, tell  # noqa: E402
from PIL import Image  # noqa: E402

from confrere.core.pixels.arrivals import read_pictures  # noqa: E402
from confrere.core.pixels.as_dicom import NewNames, as_dicom  # noqa: E402
from confrere.core.pixels.photographs import encode_picture  # noqa: E402
from confrere.core.terms.kinds import FileKind  # noqa: E402
from planted.pictures import PlantedPicture, planted_pictures  # noqa: E402

NAMES = NewNames("2.25.1", "2.25.2", "2.25.3")
# What exiftool calls the groups that say something of the picture's history.
SAYS_MORE = ("EXIF", "XMP", "IPTC", "MakerNotes", "ICC_Profile", "Photoshop", "GPS")


def ours(planted: PlantedPicture) -> dict[str, bytes]:
    """The planted file as everything we would write of it."""
    (picture,) = read_pictures(planted.content, FileKind.UNKNOWN).pictures
    frame = next(picture.frames())
    assert frame.dtype == "uint8"
    still = {form: encode_picture(frame, form) for form in ("JPEG", "PNG", "WEBP")}  # type: ignore[arg-type]
    return {"DICOM": as_dicom(picture, NAMES), **still}


def by_pillow(planted: PlantedPicture) -> bytes | None:
    """Opened and saved again in the same form, as is often done; None where Pillow cannot write it."""
    if planted.name in ("heic", "mp4"):
        return None
    out = io.BytesIO()
    with Image.open(io.BytesIO(planted.content)) as opened:
        opened.save(out, planted.name.upper())
    return out.getvalue()


def by_exiftool(planted: PlantedPicture) -> bytes | None:
    """`exiftool -all=`; None where it refuses the file, or is not installed."""
    if shutil.which("exiftool") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"picture.{planted.name}"
        path.write_bytes(planted.content)
        done = subprocess.run(
            ["exiftool", "-q", "-all=", "-overwrite_original", path], capture_output=True, check=False
        )
        return path.read_bytes() if done.returncode == 0 else None


def seen_by_exiftool(content: bytes) -> list[str]:
    """The names of what exiftool still sees in groups that should be gone."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        said = subprocess.run(["exiftool", "-j", "-G", "-a", file.name], capture_output=True, check=False).stdout
    return [name for name in json.loads(said or b"[{}]")[0] if name.startswith(SAYS_MORE)]


def told(planted: PlantedPicture, content: bytes | None) -> str:
    return "not done" if content is None else str(len(planted.left_in(content)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    seed = parser.parse_args().seed
    pi_heif.register_heif_opener()
    version = "not installed"
    if shutil.which("exiftool"):
        version = subprocess.run(["exiftool", "-ver"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"seed {seed}; Pillow {Image.__version__}, exiftool {version}")
    print(f"{'form':6} {'planted':>8} {'Pillow':>8} {'exiftool':>9} {'ours':>5}")
    left, seen, lost = 0, 0, 0
    for planted in planted_pictures(seed):
        lost += len(planted.planted) - len(planted.left_in(planted.content))
        outputs = ours(planted)
        here = sum(len(planted.left_in(content)) for content in outputs.values())
        left += here
        if shutil.which("exiftool"):
            seen += sum(len(seen_by_exiftool(content)) for form, content in outputs.items() if form != "DICOM")
        others = told(planted, by_pillow(planted)), told(planted, by_exiftool(planted))
        print(f"{planted.name:6} {len(planted.planted):8} {others[0]:>8} {others[1]:>9} {here:5}")
    tell("planted strings that were not there to begin with", lost, "", 0)
    tell("planted strings left in what we write, five forms and MP4", left, "", 0)
    tell("tags of metadata that exiftool sees in our JPEG, PNG and WebP", seen, "", 0)
    return ended()


if __name__ == "__main__":
    raise SystemExit(main())
