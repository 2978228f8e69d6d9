"""The corpus is made by its seed alone, and says truly what it planted."""

from io import BytesIO
from pathlib import Path

import pydicom
import pytest

from planted.corpus import NoBase, Plan, make, read_base
from planted.edge import make_edge
from planted.leaks import searchable
from planted.manifest import Manifest


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(small_corpus: Path, tmp_path: Path) -> None:
    first = Manifest.load(small_corpus)
    again = make(tmp_path / "again", Plan(6, 2, first.seed))
    make_edge(tmp_path / "again", again)
    again.save(tmp_path / "again")
    assert contents(tmp_path / "again") == contents(small_corpus)
    other = make(tmp_path / "other", Plan(6, 2, first.seed + 1))
    assert other.plants != first.plants


def test_every_planted_value_stands_in_its_file(small_corpus: Path) -> None:
    manifest = Manifest.load(small_corpus)
    for path in (*manifest.files, *manifest.edge):
        content = searchable((small_corpus / ("in" if path in manifest.files else "edge") / path).read_bytes())
        assert [plant.place for plant in manifest.planted_in(path) if plant.raw not in content] == []


def test_a_few_series_already_see_several_scanners(small_corpus: Path) -> None:
    manifest = Manifest.load(small_corpus)
    assert len({manifest.bases[path] for path in manifest.files}) >= 2
    assert len({manifest.pixels[path] for path in manifest.files}) == len(manifest.files)


def test_the_edge_set_has_the_encodings_it_names(small_corpus: Path) -> None:
    def syntax(name: str) -> str:
        return str(pydicom.dcmread(small_corpus / "edge" / f"{name}.dcm").file_meta.TransferSyntaxUID.name)

    assert "Deflated" in syntax("deflated")
    assert "Big Endian" in syntax("explicit_be")
    assert "Implicit" in syntax("implicit_le")
    bare = (small_corpus / "edge" / "no_meta_implicit.dcm").read_bytes()
    assert bare[128:132] != b"DICM"
    assert pydicom.dcmread(BytesIO(bare), force=True).PatientID.startswith("UHID")
    assert len(Manifest.load(small_corpus).edge) == 14


def test_a_header_that_is_not_installed_is_named() -> None:
    with pytest.raises(NoBase, match="no-such-file"):
        read_base("no-such-file.dcm")
