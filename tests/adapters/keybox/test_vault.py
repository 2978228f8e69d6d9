"""Keys are on disk before they are told, sealed, and after `destroy` nowhere."""

import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from confrere.adapters.keybox.vault import Vault, VaultError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keybox"


def every_byte(folder: Path) -> bytes:
    return b"\n".join(path.name.encode() + b"\n" + path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_public_half_belongs_to_the_private_one_and_stays_the_same(folder: Path) -> None:
    vault = Vault(folder)
    public = vault.create("in-1")
    assert vault.create("in-1") == public
    pair = X25519PrivateKey.from_private_bytes(vault.private_key("in-1"))
    assert pair.public_key().public_bytes_raw() == public
    assert vault.create("in-2") != public


def test_secrets_last_through_a_restart_and_differ_by_institution(folder: Path) -> None:
    vault = Vault(folder)
    public, secret = vault.create("in-1"), vault.institution_secret("gmc")
    again = Vault(folder)
    assert again.create("in-1") == public
    assert again.institution_secret("gmc") == secret
    assert len(secret) == 32
    assert again.institution_secret("aiims") != secret


def test_folder_and_files_are_the_owners_alone(folder: Path) -> None:
    vault = Vault(folder)
    vault.create("in-1")
    vault.institution_secret("gmc")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_no_key_stands_in_the_clear(folder: Path) -> None:
    vault = Vault(folder)
    vault.create("in-1")
    stored = every_byte(folder)
    assert vault.private_key("in-1") not in stored
    assert vault.institution_secret("gmc") not in every_byte(folder)


def test_a_destroyed_key_is_gone_from_disk_and_its_name_is_spent(folder: Path) -> None:
    vault = Vault(folder)
    vault.create("in-1")
    sealed = (folder / "intake-in-1.key").read_bytes()
    vault.destroy("in-1")
    vault.destroy("in-1")
    assert sealed[12:] not in every_byte(folder)
    assert not (folder / "intake-in-1.key").exists()
    for again in (vault, Vault(folder)):
        for ask in (again.create, again.private_key):
            with pytest.raises(VaultError, match="destroyed"):
                ask("in-1")


def test_a_destroy_cut_off_half_way_is_finished_at_the_next_start(folder: Path) -> None:
    Vault(folder).create("in-1")
    (folder / "intake-in-1.gone").touch()
    Vault(folder)
    assert not (folder / "intake-in-1.key").exists()


def test_a_name_destroyed_before_it_was_made_cannot_be_made(folder: Path) -> None:
    vault = Vault(folder)
    vault.destroy("late")
    with pytest.raises(VaultError, match="destroyed"):
        vault.create("late")


def test_files_cannot_trade_places(folder: Path) -> None:
    vault = Vault(folder)
    vault.create("in-1")
    vault.create("in-2")
    (folder / "intake-in-2.key").write_bytes((folder / "intake-in-1.key").read_bytes())
    with pytest.raises(VaultError, match="damaged"):
        vault.private_key("in-2")


def test_a_lost_master_stops_the_box_rather_than_losing_every_key(folder: Path) -> None:
    Vault(folder).create("in-1")
    (folder / "master").unlink()
    with pytest.raises(VaultError, match="master-missing"):
        Vault(folder)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a.b", "a" * 65, "a\n", "é"])
def test_a_name_that_climbs_is_refused(folder: Path, name: str) -> None:
    vault = Vault(folder)
    for ask in (vault.create, vault.private_key, vault.institution_secret, vault.destroy):
        with pytest.raises(VaultError, match="bad-name"):
            ask(name)


def test_many_askers_at_once_get_one_key(folder: Path) -> None:
    vault = Vault(folder)
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(vault.create("in-1"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1


def test_the_key_of_a_desk_ends_with_its_intakes_and_cannot_come_back(folder: Path) -> None:
    vault = Vault(folder)
    vault.create("in-1")
    public = vault.open_desk("in-1")
    assert vault.open_desk("in-1") == public
    vault.destroy("in-1")
    assert not (folder / "desk-in-1.key").exists()
    for ask in (vault.open_desk, vault.desk_key):
        with pytest.raises(VaultError, match="destroyed"):
            ask("in-1")


def test_a_destroy_cut_off_before_the_desks_key_is_finished_at_the_next_start(folder: Path) -> None:
    Vault(folder).open_desk("in-1")
    (folder / "intake-in-1.gone").touch()
    Vault(folder)
    assert not (folder / "desk-in-1.key").exists()


def test_a_desk_nobody_opened_has_no_key(folder: Path) -> None:
    vault = Vault(folder)
    vault.create("in-1")
    with pytest.raises(VaultError, match="unknown"):
        vault.desk_key("in-1")
