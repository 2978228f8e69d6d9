"""A tree is cut into batches of about one series, whatever its shape, and no link is followed."""

import os
from pathlib import Path

import pytest

from confrere.server.bulk import walking
from confrere.server.bulk.walking import MOST_BYTES, MOST_FILES, Found, in_batches, tree_at


def series(name: str, count: int, size: int = 1) -> list[Found]:
    return [Found(f"{name}/{number:03}", size, 1) for number in range(count)]


def shape(*folders: list[Found]) -> list[list[str]]:
    """The folders of each batch, with how many files it takes of each."""
    told = []
    for batch in in_batches(folders):
        names = [file.path.split("/")[0] for file in batch]
        told.append([f"{name}{names.count(name)}" for name in sorted(set(names))])
    return told


def test_a_series_of_a_folder_is_one_batch() -> None:
    assert shape(series("a", 50), series("b", 50), series("c", 64)) == [["a50"], ["b50"], ["c64"]]


def test_small_folders_share_a_batch_and_large_ones_are_cut() -> None:
    assert shape(series("a", 10), series("b", 10), series("c", 60)) == [["a10", "b10"], ["c60"]]
    assert shape(series("a", 130), series("b", 5)) == [["a64"], ["a64"], ["a2", "b5"]]


def test_large_files_make_small_batches() -> None:
    half = MOST_BYTES // 2
    assert shape(series("a", 5, half)) == [["a2"], ["a2"], ["a1"]]
    assert shape(series("a", 2, 3 * MOST_BYTES)) == [["a1"], ["a1"]]


def test_no_batch_is_over_a_limit_and_no_file_is_lost() -> None:
    folders = [series(f"f{number}", number * 7 % 150, number * 1_000_000) for number in range(1, 60)]
    batches = list(in_batches(folders))
    assert [file for batch in batches for file in batch] == [file for folder in folders for file in folder]
    for batch in batches:
        assert len(batch) <= MOST_FILES
        assert len(batch) == 1 or sum(file.size for file in batch) <= MOST_BYTES


def test_a_walk_finds_files_in_order_and_passes_over_links_devices_and_our_own_folder(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", "c/d/e/1", "b/deeper/kept"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "round").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    tree = tree_at(tmp_path)
    found = [file for folder in tree.folders() for file in folder]
    assert [file.path for file in found] == ["a", "b/1", "b/2", "b/deeper/kept", "c/d/e/1"]
    assert found[0] == Found("a", 5, (tmp_path / "a").stat().st_mtime_ns)
    assert tree.passed_over == 3


def test_a_single_file_is_a_tree(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    (tmp_path / "other").write_bytes(b"1")
    assert [[file.path for file in folder] for folder in tree_at(tmp_path / "one").folders()] == [["one"]]


def test_what_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").write_bytes(b"1")
    real = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError
        return real(path)

    monkeypatch.setattr(walking.os, "scandir", guarded)
    unreadable: list[str] = []
    folders = walking.readable(tree_at(tmp_path).folders(), unreadable.append)
    assert [file.path for folder in folders for file in folder] == ["open"]
    assert unreadable == ["closed"]
