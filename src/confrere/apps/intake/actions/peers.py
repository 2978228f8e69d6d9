"""Keep the allow-list of devices that may send."""

from django.db import transaction

from confrere.adapters.dimse import Peer
from confrere.apps.accounts.models import Member
from confrere.apps.audit.actions.record import record
from confrere.apps.intake.models import DicomPeer


def allow_peer(actor: str, owner: Member, ae_title: str, networks: list[str]) -> DicomPeer:
    """Let a device send; its studies become drafts of `owner`. Raises ValueError for a bad title or network."""
    Peer(ae_title, tuple(networks))
    with transaction.atomic():
        peer, _ = DicomPeer.objects.update_or_create(
            ae_title=ae_title,
            defaults={
                "networks": networks,
                "institution_id": owner.institution_id,
                "owner": owner,
                "is_active": True,
            },
        )
        record(actor, "peer.allowed", str(peer.id), {"owner": str(owner.id)})
        return peer


def forbid_peer(actor: str, ae_title: str) -> None:
    """Strike a device off the list; its next association is rejected."""
    with transaction.atomic():
        for peer in DicomPeer.objects.filter(ae_title=ae_title, is_active=True):
            peer.is_active = False
            peer.save(update_fields=["is_active"])
            record(actor, "peer.forbidden", str(peer.id))
