"""What this installation was told: read once from the environment, frozen, passed on.

Every setting stands in docs/reference/settings.md; a test compares.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Configuration:
    """The installation's settings; ports are TCP ports, `home` is absolute."""

    home: Path
    port: int = 8000
    events_port: int = 0
    dicom_port: int = 11112
    host: str = "127.0.0.1"
    dicom_host: str = "127.0.0.1"
    production: bool = False
    demo: bool = False
    objects_url: str = ""
    public_host: str = ""
    quarantine_days: int = 7

    @property
    def run(self) -> Path:
        """Where sockets, heartbeats and the lock of the parent live."""
        return self.home / "run"

    @property
    def keybox_socket(self) -> Path:
        """The key box's unix socket."""
        return self.run / "keybox.sock"

    @property
    def objects(self) -> str:
        """The object store's URL; a folder in the home unless configured."""
        return self.objects_url or f"file://{self.home / 'objects'}"


def read_configuration(environ: Mapping[str, str] | None = None) -> Configuration:
    """Return the configuration of this process; raises ValueError for a port that is no number."""
    env = os.environ if environ is None else environ
    return Configuration(
        home=Path(env.get("CONFRERE_HOME") or "var").resolve(),
        port=int(env.get("CONFRERE_PORT") or 8000),
        events_port=int(env.get("CONFRERE_EVENTS_PORT") or 0),
        dicom_port=int(env.get("CONFRERE_DICOM_PORT") or 11112),
        host=env.get("CONFRERE_HOST") or "127.0.0.1",
        dicom_host=env.get("CONFRERE_DICOM_HOST") or "127.0.0.1",
        production=env.get("CONFRERE_PRODUCTION") == "1",
        demo=env.get("CONFRERE_DEMO") == "1",
        objects_url=env.get("CONFRERE_OBJECTS") or "",
        public_host=env.get("CONFRERE_PUBLIC_HOST") or "",
        quarantine_days=min(int(env.get("CONFRERE_QUARANTINE_DAYS") or 7), 30),
    )


def as_environ(configuration: Configuration) -> dict[str, str]:
    """Return the environment that makes a child process read the same configuration."""
    return {
        "CONFRERE_HOME": str(configuration.home),
        "CONFRERE_PORT": str(configuration.port),
        "CONFRERE_EVENTS_PORT": str(configuration.events_port),
        "CONFRERE_DICOM_PORT": str(configuration.dicom_port),
        "CONFRERE_HOST": configuration.host,
        "CONFRERE_DICOM_HOST": configuration.dicom_host,
        "CONFRERE_PRODUCTION": "1" if configuration.production else "0",
        "CONFRERE_DEMO": "1" if configuration.demo else "0",
        "CONFRERE_OBJECTS": configuration.objects_url,
        "CONFRERE_PUBLIC_HOST": configuration.public_host,
        "CONFRERE_QUARANTINE_DAYS": str(configuration.quarantine_days),
    }
