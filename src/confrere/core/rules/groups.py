"""Names for sets of words: step 1 of the derivation, the class of a destination, and its like.

In a pack `"@social"` stands for every destination of that class, so that a new word is classed once.
"""

from enum import StrEnum

from confrere.core.rules.vocabulary import Action, Actor, Content, Destination, Identity

SOCIAL = (
    Destination.PUBLIC_SOCIAL,
    Destination.MESSAGING_GROUP,
    Destination.FILE_HOST,
    Destination.OWN_WEBPAGE,
    Destination.CONFERENCE_ONLINE,
)
CLOSED = (Destination.CLOSED_INSTITUTIONAL, Destination.CLOSED_CLASS, Destination.CLOSED_FEDERATED)
PRESS = (Destination.LAY_PRESS, Destination.BROADCAST_MEDIA)

GROUPS: dict[type[StrEnum], dict[str, tuple[StrEnum, ...]]] = {
    Actor: {
        "@rmp": (Actor.RMP, Actor.EXTERNAL_RMP),
        # Members of an institution whom no council's register binds.
        "@members": (Actor.STUDENT, Actor.OTHER_HCP, Actor.PR_STAFF, Actor.INSTITUTION),
    },
    Action: {
        # Every way by which what is known of a patient reaches somebody.
        "@disclosure": (
            Action.POST,
            Action.SHARE,
            Action.DISCUSS,
            Action.CONSULT,
            Action.TEACH,
            Action.PRESENT,
            Action.PUBLISH,
            Action.BROADCAST_LIVE,
            Action.EXPORT,
            Action.SOLICIT,
            Action.ADVERTISE,
            Action.ENDORSE,
            Action.REQUEST_TESTIMONIAL,
            Action.BUY_REACH,
        ),
        # Speaking to an audience, whatever the words for it.
        "@speech": (
            Action.POST,
            Action.SHARE,
            Action.DISCUSS,
            Action.TEACH,
            Action.PRESENT,
            Action.PUBLISH,
            Action.BROADCAST_LIVE,
            Action.EXPORT,
            Action.ADVERTISE,
        ),
        "@toward_patient": (Action.PRESCRIBE, Action.REPLY_TO_PATIENT),
        # Data rights and breach duties: never a disclosure.
        "@rights": (Action.WITHDRAW, Action.ERASE, Action.NOTIFY_BREACH, Action.SUPPLY_RECORD),
    },
    Content: {
        "@pictures": (Content.SCAN_IMAGE, Content.CLINICAL_PHOTO),
        "@results": (Content.RESULT_IMAGE, Content.PROCEDURE_VIDEO),
        "@patient": (
            Content.SCAN_IMAGE,
            Content.CLINICAL_PHOTO,
            Content.PROCEDURE_VIDEO,
            Content.RESULT_IMAGE,
            Content.TREATMENT_DISCUSSION,
            Content.PRESCRIPTION,
            Content.TESTIMONIAL,
            Content.RECORD,
        ),
        "@information": (Content.HEALTH_INFORMATION, Content.ANNOUNCEMENT, Content.SELF_PROFILE),
    },
    Destination: {
        "@social": SOCIAL,
        "@open_social": tuple(one for one in SOCIAL if one is not Destination.MESSAGING_GROUP),
        "@closed": CLOSED,
        "@press": PRESS,
        "@public": (*SOCIAL, *PRESS, Destination.INSTITUTION_WEBPAGE),
        "@conference": (Destination.CONFERENCE_ROOM, Destination.CONFERENCE_ONLINE),
        # Where one known person is asked about a patient in one's care.
        "@care": (Destination.MESSAGING_1TO1, *CLOSED),
    },
    Identity: {
        "@recognisable": (Identity.DIRECT, Identity.INDIRECT),
        "@unrecognisable": (Identity.CODED, Identity.ANONYMOUS),
        "@personal": (Identity.DIRECT, Identity.INDIRECT, Identity.CODED),
        "@patient": (Identity.DIRECT, Identity.INDIRECT, Identity.CODED, Identity.ANONYMOUS),
    },
}


def members(kind: type[StrEnum], name: str) -> tuple[StrEnum, ...]:
    """The words of `kind` that the group `name` (with its @) stands for; empty when there is no such group."""
    return GROUPS.get(kind, {}).get(name, ())
