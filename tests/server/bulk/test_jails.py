"""A thread keeps its jail; another owner, purpose or thread gets one of its own."""

from concurrent.futures import ThreadPoolExecutor

from confrere.adapters.jail import Limits
from confrere.server.bulk.jails import jail_of_thread

TARGET = "confrere.apps.clearance.jailed:verify_alone"


def test_a_thread_keeps_its_jail_until_the_owner_changes() -> None:
    first = jail_of_thread(b"one", TARGET, Limits())
    assert jail_of_thread(b"one", TARGET, Limits()) is first
    assert jail_of_thread(b"other", TARGET, Limits()) is not first
    assert first._child is None


def test_two_threads_never_share_a_jail() -> None:
    mine = jail_of_thread(b"one", TARGET, Limits())
    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(jail_of_thread, b"one", TARGET, Limits()).result()
    assert theirs is not mine
