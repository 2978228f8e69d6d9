"""The C-STORE node: DICOM senders on the allow-list hand over instances, nobody else gets a word in.

Source: PS3.4 Annex B (storage), PS3.7 (DIMSE-C), PS3.8 section 9 (upper layer), editions 2026.
"""

from confrere.adapters.dimse.node import Node, serve
from confrere.adapters.dimse.settings import Limits, NodeSettings, Peer
from confrere.adapters.dimse.sink import AssociationSink, InstanceSink

__all__ = ["AssociationSink", "InstanceSink", "Limits", "Node", "NodeSettings", "Peer", "serve"]
