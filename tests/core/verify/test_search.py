"""Needles are found in bytes of any kind."""

from confrere.core.verify import harvest_known
from confrere.core.verify.search import Search, uids_like

UID = b"1.2.356.9999.1.20240229.77"


def test_a_uid_is_found_whole_and_with_a_suffix_only() -> None:
    search = Search(harvest_known([UID.decode()]))
    assert search.kinds_in(b"\x00" + UID + b"\x00") == {"uid"}
    assert search.kinds_in(UID + b".5") == {"uid"}
    assert search.kinds_in(UID + b"5") == set()
    assert search.has_uid(uids_like(UID.decode().encode("utf-16-le").replace(b"\0", b"")))


def test_a_number_inside_a_longer_one_is_another_number() -> None:
    search = Search(harvest_known(["55012345"]))
    assert search.kinds_in(b"id 55012345") >= {"id"}
    assert search.kinds_in(b"+91 55012345")
    assert search.kinds_in(b"1234567890550123451") == set()


def test_an_empty_harvest_is_found_nowhere() -> None:
    search = Search(harvest_known([]))
    assert search.kinds_in(b"Rajesh Sharma 19560229") == set()
    assert not search.has_short
