"""Which findings of the second look a profile explains: what an option says to keep is no residual.

The second look knows nothing of profiles and reports whatever of the original it sees again. Names and
telephone numbers are never explained, so a retained text that holds one still stops its file.

Source: PS3.15 E.3 (options).
"""

from confrere.core.deidentify.policy import Action, policy_for
from confrere.core.deidentify.profile import Profile
from confrere.core.dicom.dictionary import registered_vrs

_KEPT_KINDS = frozenset({"uid", "date", "id", "text"})
_MEDIA_INSTANCE_UID = 0x00020003


def explains(profile: Profile, tag: int | None, kind: str) -> bool:
    """True when an option of `profile` keeps or cleans the attribute `tag`, and a residual of that `kind` follows."""
    if tag is None:
        return False
    policy = policy_for(profile)
    if tag >> 16 & 1:
        return policy.retains_private and kind == "private"
    if tag == _MEDIA_INSTANCE_UID:
        return policy.retains_uids and kind == "uid"
    actions = {policy.decide(tag, vr, nested=True)[0] for vr in registered_vrs(tag)}
    return (Action.RETAIN in actions and kind in _KEPT_KINDS) or (Action.WORDS in actions and kind == "text")
