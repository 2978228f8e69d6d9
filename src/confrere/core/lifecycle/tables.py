"""The tables themselves: Intake, SeriesClearance, HeadLook, Case and Release."""

from confrere.core.lifecycle.transitions import Actor, Table, Transition

_DOOR = (Actor.DOOR,)
_CONVEYOR = (Actor.CONVEYOR,)
_CLOCK = (Actor.CLOCK,)
_AUTHOR = (Actor.AUTHOR,)
_PEOPLE = (Actor.AUTHOR, Actor.MODERATOR)

INTAKE = Table(
    "intake",
    "receiving",
    (
        Transition("receiving", "complete", "received", _DOOR, "intake.received"),
        Transition("receiving", "abandon", "abandoned", (Actor.DOOR, Actor.CLOCK), "intake.abandoned"),
        Transition("received", "take_up", "clearing", _CONVEYOR, "intake.taken_up"),
        # After a crash the conveyor takes the same work up again; the ledger shows that it did.
        Transition("clearing", "resubmit", "clearing", _CONVEYOR, "intake.resubmitted"),
        Transition("clearing", "clear", "ready", _CONVEYOR, "intake.ready"),
        Transition("clearing", "hold", "held", _CONVEYOR, "intake.held"),
        Transition("clearing", "refuse", "refused", _CONVEYOR, "intake.refused"),
        Transition("held", "resume", "clearing", _PEOPLE, "intake.resumed"),
        # Part of it went to a draft, the rest waited for a person: what she approved is taken up again.
        Transition("ready", "resume", "clearing", _PEOPLE, "intake.resumed"),
        Transition("held", "discard", "ended", _PEOPLE, "intake.discarded"),
        Transition("held", "expire", "expired", _CLOCK, "intake.expired"),
        Transition("ready", "end", "ended", (Actor.CONVEYOR, Actor.CLOCK), "intake.ended"),
        Transition("refused", "end", "ended", (Actor.CONVEYOR, Actor.CLOCK), "intake.ended"),
    ),
)

SERIES = Table(
    "series",
    "quarantined",
    (
        Transition("quarantined", "verify", "verified", _CONVEYOR, "series.verified"),
        Transition("quarantined", "hold", "held", _CONVEYOR, "series.held"),
        Transition("quarantined", "refuse", "refused", _CONVEYOR, "series.refused"),
        Transition("held", "resume", "quarantined", _PEOPLE, "series.resumed"),
        # A person has looked at the pixels of every image of it that the engine was unsure of.
        Transition("held", "approve", "quarantined", _PEOPLE, "series.approved"),
        Transition("held", "expire", "expired", (Actor.CLOCK, *_PEOPLE), "series.expired"),
        Transition("verified", "release", "released", _PEOPLE, "series.released"),
        Transition("verified", "discard", "discarded", (Actor.AUTHOR, Actor.CLOCK), "series.discarded"),
    ),
)

HEAD = Table(
    "head",
    "due",
    (
        Transition("due", "clear", "done", _CONVEYOR, "head.cleared"),
        Transition("due", "hold", "held", _CONVEYOR, "head.held"),
        # The author looked at the single slices that were proposed and hands on these, never the volume.
        Transition("held", "choose", "done", _AUTHOR, "head.slices_chosen"),
        # The look itself failed or a network was missing: its author asks for it once more.
        Transition("held", "look_again", "due", _AUTHOR, "head.asked_again"),
        # More of the series has come: what was said of less of it says nothing of all of it.
        Transition("due", "outgrow", "outgrown", _CONVEYOR, "head.outgrown"),
        Transition("done", "outgrow", "outgrown", _CONVEYOR, "head.outgrown"),
        Transition("held", "outgrow", "outgrown", _CONVEYOR, "head.outgrown"),
    ),
)

CASE = Table(
    "case",
    "draft",
    (
        Transition("draft", "post", "posted", _AUTHOR, "case.posted"),
        Transition("draft", "discard", "discarded", (Actor.AUTHOR, Actor.CLOCK), "case.discarded"),
        Transition("posted", "withdraw", "withdrawn", _PEOPLE, "case.withdrawn"),
    ),
)

RELEASE = Table(
    "release",
    "in_force",
    (
        Transition("in_force", "revoke", "revoked", _PEOPLE, "release.revoked"),
        # More of the study has come: the author's release gives way to one that names all of it. Or she posts: what
        # others do not see of a head she does not see in the room either, so that a pin means one thing to all.
        Transition("in_force", "supersede", "revoked", (Actor.CONVEYOR, Actor.AUTHOR), "release.superseded"),
        Transition("in_force", "expire", "expired", _CLOCK, "release.expired"),
    ),
)

TABLES: tuple[Table, ...] = (INTAKE, SERIES, HEAD, CASE, RELEASE)
