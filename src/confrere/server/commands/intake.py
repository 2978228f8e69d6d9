"""Run the real intake and clearance on files, in a scratch home, and tell how each ended."""

import argparse
import json
import os
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from confrere.core.terms import Outcome, Refused, reason
from confrere.server.prepare import migrate, start_django
from confrere.server.scratch import scratch_home

if TYPE_CHECKING:
    from confrere.apps.accounts.models import Member

PIECE = 4 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `intake`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="a JSON list on standard output")


def _send(member: "Member", path: Path) -> uuid.UUID:
    """Send one file through the command line's door and return its intake."""
    from confrere.apps.intake.actions.receive import add_arrival, append_bytes, complete_intake, open_intake
    from confrere.apps.intake.models import Door

    intake = open_intake(member, Door.COMMAND_LINE)
    suffix = "".join(letter for letter in path.suffix.lower() if letter.isascii() and letter.isalnum())
    place = add_arrival(intake, suffix, path.stat().st_size)
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            place = append_bytes(place.arrival_id, place.received, piece)
    if not place.is_complete:
        append_bytes(place.arrival_id, 0, b"")
    complete_intake(str(member.id), intake.id)
    return intake.id


def _judge(member: "Member", path: Path) -> dict[str, str]:
    from confrere.apps.clearance.reads import end_of_intake
    from confrere.conveyor import Conveyor

    try:
        intake_id = _send(member, path)
    except Refused as stop:
        outcome, code = Outcome.REFUSED, stop.code
    except OSError as fault:
        raise SystemExit(f"confrere intake: {path}: {fault.strerror}") from None
    else:
        Conveyor(lambda: ThreadPoolExecutor(1)).run_until_idle()
        end = end_of_intake(intake_id)
        outcome, code = end.outcome, end.reason
    words = reason(code)
    return {"file": str(path), "outcome": outcome, "reason": code, "message": f"{words.message} {words.remedy}"}


def run(args: argparse.Namespace) -> int:
    """Judge every file in turn; the exit code is that of the worst."""
    missing = [path for path in args.files if not path.is_file()]
    if missing:
        sys.stderr.write(f"confrere intake: no such file: {missing[0]}\n")
        return 2
    os.environ.pop("DATABASE_URL", None)
    with scratch_home() as configuration:
        start_django(configuration)
        migrate()
        from confrere.apps.accounts.actions.members import NewMember, enrol_member, found_institution

        institution = found_institution("command-line", "Scratch")
        new = NewMember("scratch", "Scratch", uuid.uuid4().hex, registration_number="SCRATCH")
        member = enrol_member("command-line", institution, new)
        found = [_judge(member, path) for path in args.files]
    if args.json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
    else:
        for one in found:
            sys.stdout.write(f"{one['outcome']:8} {one['reason']:28} {one['file']}\n         {one['message']}\n")
    return max(Outcome(one["outcome"]).exit_code for one in found)
