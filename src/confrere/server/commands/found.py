"""Found an institution and its first administrator; everyone else comes by invitation."""

import argparse
import getpass
import sys

from confrere.server.configuration import read_configuration
from confrere.server.prepare import make_folders, migrate, start_django

ACTOR = "command-line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `found`."""
    parser.add_argument("institution", help="the hospital's or college's name")
    parser.add_argument("--city", default="")
    parser.add_argument("--admin", required=True, help="sign-in name of the first administrator")
    parser.add_argument("--name", required=True, help="the administrator's own name")
    parser.add_argument(
        "--registration", required=True, help="registration number with the medical council, or staff number"
    )


def _password() -> str:
    """The password from the terminal, asked twice, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise SystemExit("confrere found: the two do not match; nothing was made.")
    return first


def run(args: argparse.Namespace) -> int:
    """Create both, or say why not."""
    configuration = read_configuration()
    make_folders(configuration)
    start_django(configuration)
    migrate()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from confrere.apps.accounts.actions.members import NewMember, enrol_member, found_institution
    from confrere.apps.accounts.models import Role
    from confrere.apps.accounts.reads import is_taken

    if is_taken(args.institution, args.admin):
        sys.stderr.write("confrere found: this institution or sign-in name is already here; nothing was made.\n")
        return 2
    password = _password()
    try:
        validate_password(password)
    except ValidationError as fault:
        sys.stderr.write(f"confrere found: {' '.join(fault.messages)}\n")
        return 2
    institution = found_institution(ACTOR, args.institution, args.city)
    enrol_member(ACTOR, institution, NewMember(args.admin, args.name, password, Role.ADMIN, args.registration))
    sys.stdout.write("Done. Start `confrere up`, sign in, and invite colleagues under People.\n")
    return 0
