"""What the node must be told before it listens: its name, its senders and its limits."""

import ipaddress
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

# A data set is gathered in memory before it is sealed, so no setting may go past this.
HIGHEST_DATASET_BYTES = 4 * GIB


def check_ae_title(title: str) -> None:
    """Raise ValueError unless `title` is a lawful AE title: 1 to 16 printable ASCII characters, no backslash.

    Source: PS3.5 table 6.2-1, VR AE; leading and trailing spaces carry no meaning, so none are allowed here.
    """
    lawful = title.isascii() and title.isprintable() and "\\" not in title
    if not lawful or title != title.strip() or not 1 <= len(title) <= 16:
        raise ValueError("an AE title has 1 to 16 printable ASCII characters and no backslash")


@dataclass(frozen=True, slots=True)
class Peer:
    """One sender on the allow-list: its AE title, where it may call from, and how often at once."""

    ae_title: str
    networks: tuple[str, ...]
    max_associations: int = 4

    def __post_init__(self) -> None:
        check_ae_title(self.ae_title)
        for network in self.networks:
            ipaddress.ip_network(network, strict=False)
        if self.max_associations < 1:
            raise ValueError("a sender needs at least one association")

    def calls_from(self, address: str) -> bool:
        """True when `address` lies in one of the sender's networks; no network means nowhere."""
        here = ipaddress.ip_address(address.split("%")[0])
        if isinstance(here, ipaddress.IPv6Address) and here.ipv4_mapped is not None:
            here = here.ipv4_mapped
        return any(here in ipaddress.ip_network(network, strict=False) for network in self.networks)


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes and times in seconds that no sender can exceed.

    `dataset_bytes` bounds one data set, `in_flight_bytes` all data sets being received by the whole node.
    """

    first_pdu_seconds: float = 10.0
    half_message_seconds: float = 15.0
    idle_seconds: float = 30.0
    answer_seconds: float = 300.0
    associate_bytes: int = 64 * KIB
    p_data_bytes: int = 1 * MIB
    command_bytes: int = 64 * KIB
    dataset_bytes: int = 512 * MIB
    in_flight_bytes: int = 1 * GIB
    associations: int = 16
    doorstep: int = 128

    def __post_init__(self) -> None:
        if not 0 < self.dataset_bytes <= HIGHEST_DATASET_BYTES:
            raise ValueError("a data set may have at most 4 GiB")
        if min(self.associations, self.doorstep) < 1:
            raise ValueError("a node needs room for at least one association")


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """`peers` is asked again at each association request, so a sender struck off the list is out at once.

    `refused` hears of every association and instance turned away, as (reason code, address), from many
    threads: the place for the ledger line. `tls` is a server-side context; without it the node belongs on
    loopback or a modality network.
    """

    peers: Callable[[], Sequence[Peer]]
    ae_title: str = "CONFRERE"
    host: str = "127.0.0.1"
    port: int = 11112
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext | None = None
    refused: Callable[[str, str], None] | None = None

    def __post_init__(self) -> None:
        check_ae_title(self.ae_title)
