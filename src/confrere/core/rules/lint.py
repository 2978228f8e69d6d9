"""What a pack must keep beyond its form: ids, dates, ways out of every no, and no quarrel with itself."""

from collections.abc import Iterator
from itertools import product

from confrere.core.rules.errors import PackError
from confrere.core.rules.groups import GROUPS
from confrere.core.rules.pack import Case, Condition, Pack, Rule
from confrere.core.rules.vocabulary import Action, ConsentForm, DecisionValue, Identity, Status

_PERMISSIONS = (DecisionValue.PERMIT, DecisionValue.PERMIT_WITH_OBLIGATION)
_RECOGNISABLE = frozenset(GROUPS[Identity]["@recognisable"])
_DISCLOSURE = frozenset(GROUPS[Action]["@disclosure"])
# A permission to disclose says how, and one thing more; all else permits everything.
_NARROWS = ("content_any", "destination", "identity", "flags_any", "flags_all", "care", "consent")
_SETS = ("actor", "action", "content_any", "destination", "identity", "modality", "flags_any")


def lint_pack(pack: Pack) -> None:
    """Raise PackError with the first complaint."""
    for complaint in complaints(pack):
        raise PackError(complaint)


def complaints(pack: Pack) -> Iterator[str]:
    """One sentence for each thing that is wrong with the pack."""
    if pack.id == "floor":
        yield "floor: no pack may take the floor's name"
    if not pack.rules or len({rule.id for rule in pack.rules}) != len(pack.rules):
        yield f"{pack.id}: no rule, or two rules of one id"
    yield from _dates(pack)
    cited = {key for rule in pack.rules for key in rule.sources}
    if lost := sorted(cited - {key for key, _ in pack.sources}):
        yield f"{pack.id}: the source {lost[0]!r} is cited and not named"
    for rule in pack.rules:
        for case in rule.cases:
            yield from _case(rule, case)
    yield from _quarrels(pack)


def _dates(pack: Pack) -> Iterator[str]:
    if pack.status is Status.IN_FORCE and not pack.periods:
        yield f"{pack.id}: an instrument in force has dates"
    if pack.status in (Status.DRAFT, Status.ADVISORY) and pack.periods:
        yield f"{pack.id}: a draft or advice is in force on no day"
    if pack.checked < pack.dated:
        yield f"{pack.id}: checked before it was made"
    if any(one.until is not None and one.until <= one.start for one in pack.periods):
        yield f"{pack.id}: a period ends before it starts"
    for one, other in product(pack.periods, repeat=2):
        is_other_reading = any((name, wanted) not in other.reading for name, wanted in one.reading)
        if one.start < other.start and (one.until is None or one.until > other.start) and not is_other_reading:
            yield f"{pack.id}: two periods overlap"


def _case(rule: Rule, case: Case) -> Iterator[str]:
    if case.decision is DecisionValue.FORBID and not case.alternatives:
        yield f"{rule.id}: a forbid names what can be done instead"
    if case.decision is DecisionValue.PERMIT_WITH_OBLIGATION and not case.obligations:
        yield f"{rule.id}: a permission with obligation names the obligation"
    if case.decision in (DecisionValue.PERMIT, DecisionValue.SILENT) and (case.obligations or case.alternatives):
        yield f"{rule.id}: a plain permission and silence ask for nothing"
    if case.when.giver and not case.when.consent:
        yield f"{rule.id}: a giver without a form of consent"
    if case.decision in _PERMISSIONS:
        yield from _permission(rule, case.when)


def _permission(rule: Rule, when: Condition) -> Iterator[str]:
    discloses = not when.action or bool(when.action & _DISCLOSURE)
    if not when.action or (discloses and not any(getattr(when, key) for key in _NARROWS)):
        yield f"{rule.id}: a permission names the action, and what, where, who or with which consent"
    is_excused = when.care or when.flags_any or when.flags_all or not when.action & _DISCLOSURE
    has_consent = when.consent and ConsentForm.NONE not in when.consent
    if when.identity & _RECOGNISABLE and not has_consent and not is_excused:
        yield f"{rule.id}: a recognisable patient needs a consent or a named exception"


def _quarrels(pack: Pack) -> Iterator[str]:
    """A permission of one rule that lies wholly in a prohibition of another can never be given.

    Within a rule the order of its cases is the priority, and a prohibition that names the exception in `unless` has
    given way; both are no quarrel.
    """
    cases = [(rule, case) for rule in pack.rules for case in rule.cases]
    permits = [one for one in cases if one[1].decision in _PERMISSIONS]
    forbids = [one for one in cases if one[1].decision is DecisionValue.FORBID]
    for (allowing, permit), (refusing, forbid) in product(permits, forbids):
        if allowing.id == refusing.id or not _within(permit.when, forbid.when):
            continue
        if not any(_within(permit.when, given) for given in forbid.unless):
            yield f"{allowing.id}: permits what {refusing.id} forbids, and neither gives way"


def _within(one: Condition, other: Condition) -> bool:
    """Whether everything that `one` holds of, `other` holds of too."""
    for key in _SETS:
        wide = getattr(other, key)
        if wide and not (getattr(one, key) and getattr(one, key) <= wide):
            return False
    if other.consent and not (one.consent and one.consent <= other.consent and one.giver == other.giver):
        return False
    if other.care is not None and other.care is not one.care:
        return False
    if other.invalid_consent is not None and other.invalid_consent is not one.invalid_consent:
        return False
    return (
        other.flags_all <= one.flags_all
        and other.flags_none <= one.flags_none
        and other.content_none <= one.content_none
        and set(other.reading) <= set(one.reading)
    )
