"""The allow-list of devices that may send by C-STORE: list, allow, forbid."""

import argparse
import json
import sys

from confrere.server.configuration import read_configuration
from confrere.server.prepare import start_django

ACTOR = "command-line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `peers`."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="who may send")
    listing.add_argument("--json", action="store_true")
    allowing = verbs.add_parser("allow", help="let a device send")
    allowing.add_argument("ae_title", metavar="AE")
    allowing.add_argument("networks", nargs="+", metavar="NETWORK", help="where it calls from, for example 10.1.2.0/24")
    allowing.add_argument("--owner", required=True, help="sign-in name of the member whose drafts it makes")
    forbidding = verbs.add_parser("forbid", help="strike a device off the list")
    forbidding.add_argument("ae_title", metavar="AE")


def run(args: argparse.Namespace) -> int:
    """Do what the verb says; a change takes hold at the next association."""
    start_django(read_configuration())
    from confrere.apps.accounts.reads import member_by_username
    from confrere.apps.intake.actions.peers import allow_peer, forbid_peer
    from confrere.apps.intake.reads import active_peers

    if args.verb == "allow":
        owner = member_by_username(args.owner)
        if owner is None:
            sys.stderr.write("confrere peers: there is no such member.\n")
            return 2
        try:
            allow_peer(ACTOR, owner, args.ae_title, args.networks)
        except ValueError as fault:
            sys.stderr.write(f"confrere peers: {fault}\n")
            return 2
    elif args.verb == "forbid":
        forbid_peer(ACTOR, args.ae_title)
    else:
        rows = [
            {"ae_title": one.ae_title, "networks": one.networks, "owner": one.owner.username} for one in active_peers()
        ]
        if args.json:
            sys.stdout.write(json.dumps(rows) + "\n")
        for row in [] if args.json else rows:
            sys.stdout.write(f"{row['ae_title']:16} {' '.join(row['networks'])} -> {row['owner']}\n")
    return 0
