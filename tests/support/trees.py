"""What a run over a tree of files left: the files below a folder, and the lines of a target's manifest."""

from pathlib import Path

from confrere.server.bulk.manifest import MANIFEST, manifest_folder


def files_below(folder: Path) -> dict[str, bytes]:
    """The content of every file below `folder`, by its path there."""
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return {str(path): (folder / path).read_bytes() for path in paths}


def lines_noted(target: Path) -> list[str]:
    """The whole lines of the manifest of `target`, without its head; none before it is there."""
    path = manifest_folder(target) / MANIFEST
    return path.read_text().split("\n")[1:-1] if path.exists() else []
