"""What a corpus knows of itself: which patient each file is of, what was planted for whom, and the pixels' digests."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from planted.people import Plant

NAME = "manifest.json"
CORPUS = "in"
EDGE = "edge"


@dataclass(slots=True)
class Manifest:
    """The truth about a corpus; `files` and `pixels` are keyed by the path below `in/` or `edge/`.

    `pixels` holds the SHA-256 of each PixelData value; `own` the plants of one file alone (its SOP Instance UID).
    """

    seed: int
    files: dict[str, str] = field(default_factory=dict)
    edge: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    pixels: dict[str, str] = field(default_factory=dict)
    plants: dict[str, list[Plant]] = field(default_factory=dict)
    own: dict[str, list[Plant]] = field(default_factory=dict)

    def planted_in(self, path: str) -> list[Plant]:
        """Everything planted in that file."""
        owner = self.files.get(path) or self.edge[path]
        return [*self.plants[owner], *self.own.get(path, ())]

    def everything(self) -> list[Plant]:
        """Everything planted anywhere."""
        groups = [*self.plants.values(), *self.own.values()]
        return [plant for group in groups for plant in group]

    def save(self, folder: Path) -> None:
        """Write it into the corpus's folder."""
        rows = {name: getattr(self, name) for name in ("seed", "files", "edge", "bases", "pixels")}
        for name in ("plants", "own"):
            rows[name] = {key: [plant.as_json() for plant in group] for key, group in getattr(self, name).items()}
        (folder / NAME).write_text(json.dumps(rows), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """The manifest of the corpus in that folder."""
        rows = json.loads((folder / NAME).read_text(encoding="utf-8"))
        for name in ("plants", "own"):
            rows[name] = {key: [Plant.from_json(row) for row in group] for key, group in rows[name].items()}
        return cls(**rows)
