"""Zip archives from outside: everything the directory can lie about is checked before a byte is unpacked."""

from confrere.adapters.archive.members import Member, members
from confrere.adapters.archive.sniff import ArchiveKind, archive_kind
from confrere.adapters.archive.structure import ArchiveLimits

__all__ = ["ArchiveKind", "ArchiveLimits", "Member", "archive_kind", "members"]
