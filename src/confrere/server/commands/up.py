"""Start every part under one parent, print the address, stop cleanly on Ctrl-C."""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from types import FrameType

from confrere.server.configuration import Configuration, as_environ, read_configuration
from confrere.server.parts import Parent, Tokens, all_parts, free_port
from confrere.server.prepare import collect_static, make_folders, migrate, start_django

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `up`."""
    parser.add_argument("--port", type=int, help="web port (default 8000, or CONFRERE_PORT)")
    parser.add_argument("--dicom-port", type=int, help="C-STORE port (default 11112, or CONFRERE_DICOM_PORT)")
    parser.add_argument("--home", type=Path, help="home folder (default ./var, or CONFRERE_HOME)")
    parser.add_argument("--production", action="store_true", help="no demo, no plain HTTP off loopback")
    parser.add_argument("--no-demo", action="store_true", help="do not seed the demo institution in a new home")
    parser.add_argument("--no-demo-studies", action="store_true", help="demo members and rooms, but no studies")


def say(words: str) -> None:
    """Speak to the person at the terminal."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _configured(args: argparse.Namespace) -> Configuration:
    told = read_configuration()
    configuration = replace(
        told,
        home=args.home.resolve() if args.home else told.home,
        port=told.port if args.port is None else args.port,
        dicom_port=told.dicom_port if args.dicom_port is None else args.dicom_port,
        production=told.production or args.production,
    )
    events_port = configuration.events_port or free_port(configuration.host, configuration.port + 1)
    return replace(configuration, events_port=events_port)


def unsafe(configuration: Configuration) -> str:
    """Why this configuration must not start, or "" when it may."""
    demo_home = (configuration.home / "demo").exists()
    if configuration.production and demo_home:
        return "This home holds demo logins. Production needs a home of its own: --home DIR."
    if configuration.host not in LOOPBACK:
        return "Plain HTTP is served on loopback only. Put a proxy that speaks HTTPS in front, with --production."
    return ""


def run(args: argparse.Namespace) -> int:
    """Prepare the home, start the parts, and wait."""
    configuration = _configured(args)
    is_new = not (configuration.home / "secret_key").exists()
    if is_new and not configuration.production and not args.no_demo:
        configuration.home.mkdir(parents=True, exist_ok=True)
        (configuration.home / "demo").write_text("sent" if args.no_demo_studies else "accounts")
    configuration = replace(configuration, demo=(configuration.home / "demo").exists())
    fault = unsafe(configuration)
    if fault:
        sys.stderr.write(f"confrere up: {fault}\n")
        return 2
    make_folders(configuration)
    with (configuration.run / "parent.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("confrere up: this home is in use by another parent.\n")
            return 1
        start_django(configuration)
        migrate()
        collect_static(configuration)
        return _serve(configuration)


def _serve(configuration: Configuration) -> int:
    from confrere.server import demo

    if configuration.demo:
        demo.enrol(configuration)
    tokens = Tokens()
    for stale in configuration.run.glob("*.beat"):
        stale.unlink()
    parent = Parent(all_parts(configuration, tokens))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        parent.stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    parent.start()
    announcer = Announcer(configuration)
    try:
        parent.watch(announcer.look)
    finally:
        parent.stop()
    say("Stopped.")
    return 0


class Announcer:
    """Tells the person when everything is up, then has the demo studies sent through the doors, once."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.told = False
        self.seeding: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The web address."""
        return f"http://{self.configuration.host}:{self.configuration.port}"

    def look(self) -> None:
        """Called at each round of the parent."""
        if self.seeding is not None and self.seeding.poll() is not None:
            if self.seeding.returncode:
                say("The demo studies could not all be sent; see above. `confrere demo reset` tries again.")
            self.seeding = None
        if self.told or not self._is_up():
            return
        self.told = True
        say(f"Confrere is up: {self.address}")
        say(f"DICOM node: CONFRERE at {self.configuration.dicom_host}:{self.configuration.dicom_port}")
        if self.configuration.demo:
            self._tell_demo()

    def _is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:  # noqa: S310  # our own
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _tell_demo(self) -> None:
        from confrere.server import demo

        say("Demo logins (password for all: " + demo.PASSWORD + "):")
        for person in demo.PEOPLE:
            say(f"  {person.username:<10} {person.display_name}, {person.role}, {person.hospital}")
        if demo.is_waiting(self.configuration):
            say("Demo studies are being sent through the doors; they appear as they are cleared.")
            command = [sys.executable, "-m", "confrere", "demo", "send"]
            environ = {**_environ(), **as_environ(self.configuration)}
            self.seeding = subprocess.Popen(command, env=environ)  # our own command


def _environ() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "confrere.server.settings"}
