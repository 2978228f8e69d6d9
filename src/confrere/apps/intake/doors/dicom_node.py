"""The DICOM node's door: what C-STORE brings becomes arrivals of an intake, one intake for each association.

Source: PS3.4 Annex B (Storage service class); the status is 0x0000 only after fsync and commit.
"""

from django.db import close_old_connections

from confrere.adapters.dimse import AssociationSink, InstanceSink, Peer
from confrere.apps.intake.actions.receive import close_broken_intake, complete_intake, open_intake, receive_whole
from confrere.apps.intake.models import Door, Intake
from confrere.apps.intake.reads import active_peers, open_intakes_of, peer_member

ACTOR = "dicom-node"
SUCCESS = 0x0000
NOT_AUTHORISED = 0x0124


def allowed_peers() -> tuple[Peer, ...]:
    """The allow-list as the node takes it, read anew for each association."""
    close_old_connections()
    return tuple(Peer(row.ae_title, tuple(row.networks), row.max_associations) for row in active_peers())


class IntakeAssociation(AssociationSink):
    """One association's intake, opened with its first instance."""

    def __init__(self, peer_ae: str) -> None:
        self.peer_ae = peer_ae
        self.intake: Intake | None = None

    def store(self, *, dataset: bytes, **_uids: str) -> int:
        """Keep one instance and return the DIMSE status; `dataset` is a whole Part 10 file."""
        close_old_connections()
        if self.intake is None:
            member = peer_member(self.peer_ae)
            if member is None:
                return NOT_AUTHORISED
            self.intake = open_intake(member, Door.DICOM_NODE)
        receive_whole(self.intake, dataset, "dcm")
        return SUCCESS

    def released(self) -> None:
        """The sender is done: the intake is complete."""
        if self.intake is not None:
            close_old_connections()
            complete_intake(ACTOR, self.intake.id)
            close_old_connections()

    def aborted(self) -> None:
        """The sender went away: every instance told success is whole, so the intake goes on with those."""
        if self.intake is not None:
            close_old_connections()
            close_broken_intake(ACTOR, self.intake.id)
            close_old_connections()


class IntakeSink(InstanceSink):
    """Opens an IntakeAssociation for each association."""

    def opened(self, peer_ae: str, address: str) -> AssociationSink:
        """A new association from an allowed peer."""
        return IntakeAssociation(peer_ae)


def close_left_open() -> int:
    """Close intakes a former node process left open; returns how many. Called when the node starts."""
    left = open_intakes_of(Door.DICOM_NODE)
    for intake_id in left:
        close_broken_intake(ACTOR, intake_id)
    return len(left)
