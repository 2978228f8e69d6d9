"""Make a home ready: folders, secret key, database, static files. Safe to repeat."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from confrere import __version__
from confrere.server.configuration import Configuration, as_environ


def make_folders(configuration: Configuration) -> None:
    """Create the home with its folders, readable by this user alone, and the web's secret key."""
    for folder in (configuration.home, configuration.run, configuration.home / "objects"):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    key = configuration.home / "secret_key"
    if not key.exists():
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))


def start_django(configuration: Configuration) -> None:
    """Set Django up in this process for this home; must come before anything imports a model."""
    os.environ.update(as_environ(configuration))
    os.environ["DJANGO_SETTINGS_MODULE"] = "confrere.server.settings"
    import django

    django.setup()


def migrate() -> None:
    """Bring the database to this version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def collect_static(configuration: Configuration) -> None:
    """Copy and compress the static files once for each version of the package's files."""
    stamp = configuration.home / "static" / ".collected"
    source = Path(__file__).with_name("static")
    newest = max((path.stat().st_mtime for path in source.rglob("*") if path.is_file()), default=0.0)
    told = f"{__version__} {newest}"
    if stamp.exists() and stamp.read_text() == told:
        return
    environ = {**os.environ, **as_environ(configuration), "CONFRERE_COLLECT_STATIC": "1"}
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "-v", "0"]
    subprocess.run(command, check=True, env={**environ, "DJANGO_SETTINGS_MODULE": "confrere.server.settings"})
    stamp.write_text(told)
