"""What an administrator does before the first start: found the institution, say which devices may send."""

import json
import os
import subprocess
import sys
from pathlib import Path

from support.commands import ROOT, confrere


def found(home: Path, institution: str, admin: str, password: str) -> subprocess.CompletedProcess[str]:
    """`confrere found` with the password on standard input."""
    words = [institution, "--admin", admin, "--name", "Dr Asha Meena", "--registration", "RJ-1"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONFRERE_")}
    environ.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "confrere", "found", *words],
        env={**environ, "PYTHONPATH": str(ROOT / "src"), "CONFRERE_HOME": str(home)},
        input=password + "\n",
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_institution_its_administrator_and_its_senders_are_set_up_from_the_terminal(tmp_path: Path) -> None:
    home = tmp_path / "home"
    weak = found(home, "Amer Teaching Hospital", "meena", "short")
    assert weak.returncode == 2
    assert "too short" in weak.stderr
    assert found(home, "Amer Teaching Hospital", "meena", "correct horse battery").returncode == 0
    again = found(home, "AMER teaching hospital", "other", "correct horse battery")
    assert (again.returncode, "already here" in again.stderr) == (2, True)
    here = {"CONFRERE_HOME": str(home)}
    assert confrere("peers", "allow", "CT_1", "10.1.2.0/24", "--owner", "Meena", **here).returncode == 0
    listed = json.loads(confrere("peers", "list", "--json", **here).stdout)
    assert listed == [{"ae_title": "CT_1", "networks": ["10.1.2.0/24"], "owner": "meena"}]
    for wrong in (["CT_2", "10.1.2.0/99", "--owner", "meena"], ["CT_2", "10.0.0.0/8", "--owner", "nobody"]):
        assert confrere("peers", "allow", *wrong, **here).returncode == 2
    assert confrere("peers", "forbid", "CT_1", **here).returncode == 0
    assert json.loads(confrere("peers", "list", "--json", **here).stdout) == []
    assert confrere("ledger", "verify", **here).returncode == 0
