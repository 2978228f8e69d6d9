"""Settings refuse what cannot be meant, and a sender is bound to its networks."""

import pytest

from confrere.adapters.dimse import Limits, NodeSettings, Peer


def test_a_sender_calls_only_from_its_own_networks() -> None:
    peer = Peer("CT1", ("10.1.0.0/16", "192.168.7.4/32", "fd00::/8"))
    assert peer.calls_from("10.1.200.3")
    assert peer.calls_from("192.168.7.4")
    assert peer.calls_from("::ffff:10.1.0.9")
    assert peer.calls_from("fd00::1%eth0")
    assert not peer.calls_from("10.2.0.1")
    assert not peer.calls_from("192.168.7.5")


def test_a_sender_without_a_network_calls_from_nowhere() -> None:
    assert not Peer("CT1", ()).calls_from("127.0.0.1")


@pytest.mark.parametrize("title", ["", "SEVENTEEN-LETTERS", "A\\B", " CT1", "CT\n1", "RÖNTGEN"])
def test_an_unlawful_ae_title_is_refused(title: str) -> None:
    with pytest.raises(ValueError, match="AE title"):
        Peer(title, ("10.0.0.0/8",))
    with pytest.raises(ValueError, match="AE title"):
        NodeSettings(peers=tuple, ae_title=title)


def test_an_unreadable_network_is_refused() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        Peer("CT1", ("hospital",))


def test_no_limit_allows_more_than_four_gibibytes() -> None:
    Limits(dataset_bytes=4 << 30)
    with pytest.raises(ValueError, match="4 GiB"):
        Limits(dataset_bytes=(4 << 30) + 1)
