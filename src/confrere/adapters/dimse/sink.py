"""What the node asks of whoever keeps the instances; intake implements it."""

from typing import Protocol


class AssociationSink(Protocol):
    """Keeps the instances of one association. Its methods are never called two at a time."""

    def store(self, *, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str, dataset: bytes) -> int:
        """Keep one instance and return the DIMSE status for the sender, 0x0000 for success.

        `dataset` is a whole Part 10 file: our own group 0002, then the sender's bytes untouched.
        INVARIANT: 0x0000 is returned only after the bytes are fsynced and the row is committed.
        May raise: Refused and Held become 0xC001, Broken(retryable=True) and a full disk 0xA700, all else
        0xC000.
        """
        ...

    def released(self) -> None:
        """The sender said it is done. Called once, after the last store; never together with `aborted`."""
        ...

    def aborted(self) -> None:
        """The association ended in any other way. What was stored with 0x0000 stays ours. Called once."""
        ...


class InstanceSink(Protocol):
    """Opens one AssociationSink per association."""

    def opened(self, peer_ae: str, address: str) -> AssociationSink:
        """A sender on the allow-list is about to hand over its first instance.

        Called at the first C-STORE, so that a mere C-ECHO leaves no empty intake behind.
        """
        ...
