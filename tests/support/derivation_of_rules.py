"""Section 1 of the scenario paper, written down plainly and apart from the packs: what each of four packs must say.

Only what the section itself says: no flags of statutes, no readings but the defaults. It is slow and knows no clause.
"""

from typing import Any

SOCIAL = {"public_social", "messaging_group", "file_host", "own_webpage", "conference_online"}
CLOSED = {"closed_institutional", "closed_class", "closed_federated"}
PRESS = {"lay_press", "broadcast_media"}
PUBLIC = SOCIAL | PRESS | {"institution_webpage"}
PICTURES = {"scan_image", "clinical_photo", "result_image", "procedure_video"}
OF_PATIENTS = PICTURES | {"treatment_discussion"}
SILENT, PERMIT, DUTY, WARN, FORBID = range(5)
WORDS = ("silent", "permit", "permit_with_obligation", "warn", "forbid")


class Case:
    """One request as section 1 talks of it."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.actor, self.action, self.to = asked["actor"], asked["action"], asked["destination"]
        self.content, self.flags = set(asked["content"]), set(asked["flags"])
        self.identity = asked["identity"]
        standing = [one for one in asked["consent"] if one["purpose"] == self.needed and one["form"] != "none"]
        self.permitted = bool(standing)
        self.proven = any(one["form"] == "written" for one in standing)
        self.recognisable = self.identity in ("direct", "indirect")
        self.is_care = self.action == "consult" and self.to in CLOSED | {"messaging_1to1"}
        self.is_doctor = self.actor in ("rmp", "external_rmp")

    @property
    def needed(self) -> str:
        if self.action == "consult" and self.to not in SOCIAL:
            return "care"
        if self.action in ("teach", "present", "broadcast_live"):
            return "teaching"
        return "publication" if self.to == "journal" else "social"

    def journal(self) -> int:
        if not self.content & OF_PATIENTS or self.identity == "none":
            return SILENT
        if not self.recognisable:
            return PERMIT
        return DUTY if self.permitted else FORBID


def imc(case: Case) -> int:
    said = [SILENT]
    if not case.is_doctor:
        return SILENT
    if case.flags & {"promotional", "has_contact_or_booking"}:
        said.append(FORBID)
    if "own_page_link" in case.flags:
        said.append(WARN)
    if case.is_care:
        said.append(DUTY)
    elif case.to == "journal":
        said.append(case.journal())
    elif case.recognisable:
        said.append(DUTY if case.permitted else FORBID)
    elif case.identity != "none" and case.content & OF_PATIENTS:
        if case.to in SOCIAL:
            said.append(DUTY if case.permitted else WARN)
        elif case.to in CLOSED | {"conference_room"}:
            said.append(PERMIT)
    if "health_information" in case.content and case.to in PUBLIC and case.action != "consult":
        said.append(DUTY if case.to in PRESS else PERMIT)
        if "factual_verifiable" not in case.flags:
            said.append(WARN)
    return max(said)


def modern(case: Case, *, knows_expertise: bool) -> int:
    """The draft of 2022; with `knows_expertise` the text of 2023."""
    if not case.is_doctor:
        return SILENT
    said = [SILENT, shown(case), told(case, knows_expertise=knows_expertise)]
    if case.action == "consult" and case.to == "messaging_1to1":
        said.append(WARN)
    if case.recognisable and not case.permitted and not case.is_care and case.to != "journal":
        said.append(FORBID)
    if case.to == "journal":
        said.append(case.journal())
    return max(said)


def shown(case: Case) -> int:
    """What the two later texts say of pictures, and of closed places."""
    said = [SILENT]
    if case.content & PICTURES and case.to in SOCIAL:
        said.append(FORBID)
    if case.to in CLOSED and case.content & OF_PATIENTS:
        said.append(DUTY)
        if case.content & {"result_image", "procedure_video"}:
            said.append(WARN)
        if "outsider_in_group" in case.flags and not case.is_care:
            said.append(FORBID)
    return max(said)


def told(case: Case, *, knows_expertise: bool) -> int:
    """What they say of words."""
    said = [SILENT]
    if "treatment_discussion" in case.content and case.to in SOCIAL:
        said.append(WARN if case.to == "messaging_group" else FORBID)
    if case.flags & {"promotional", "has_contact_or_booking"}:
        said.append(FORBID)
    if "own_page_link" in case.flags:
        said.append(WARN)
    if "health_information" in case.content and case.to in PUBLIC and case.action != "consult":
        said.append(DUTY if "factual_verifiable" in case.flags else FORBID)
        if knows_expertise and "within_expertise" not in case.flags:
            said.append(WARN)
    return max(said)


def data_act(case: Case) -> int:
    if case.identity in ("anonymous", "none") or "self_made_public" in case.flags:
        return SILENT
    return DUTY if case.is_care or case.proven else FORBID


def derived(asked: dict[str, Any]) -> dict[str, str]:
    """What section 1 says of a request, for each of its four packs."""
    case = Case(asked)
    values = {
        "imc-2002": imc(case),
        "nmc-draft-2022": modern(case, knows_expertise=False),
        "nmc-2023": modern(case, knows_expertise=True),
        "dpdp": data_act(case),
    }
    return {pack: WORDS[value] for pack, value in values.items()}
