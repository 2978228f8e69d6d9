"""How a file, a series or an intake ended."""

from enum import StrEnum


class Outcome(StrEnum):
    """The three ends of clearance; there is no fourth."""

    CLEAN = "clean"
    HELD = "held"
    REFUSED = "refused"

    @property
    def exit_code(self) -> int:
        """The command line's exit code for this outcome: 0, 3 or 4."""
        return {"clean": 0, "held": 3, "refused": 4}[self.value]
