"""Make the rewriting context of one instance: all that its output depends on besides each element's own bytes.

For a policy that keeps no text by option the context follows from the patient's identifier, the encoding and the
days that the instance states alone. Otherwise it also holds the words of all names in the instance, the character
set and the private attributes that may stay, so two instances with equal contexts still rewrite equal bytes equally.

Source: PS3.15 E.3.5 and E.3.10; PS3.5 6.1.2 (character sets), 7.8.1 (private creators).
"""

from collections.abc import Iterable, Iterator

from confrere.core.deidentify.character_sets import character_set
from confrere.core.deidentify.days import days_in
from confrere.core.deidentify.keys import Keys, date_shift_days, patient_label, patient_token
from confrere.core.deidentify.policy import policy_for
from confrere.core.deidentify.private import kept_private
from confrere.core.deidentify.profile import Option, Profile
from confrere.core.deidentify.rewrite import TOP, RewriteContext, Scope
from confrere.core.deidentify.words import own_date, own_number, own_words
from confrere.core.dicom.inspect import ExaminedInstance
from confrere.core.dicom.walk import Buffer, Element

_BIRTH_DATE = 0x00100030
# The patient's own names and identifiers, at whatever depth they stand.
_OWN = frozenset(
    {
        *(0x00100010, 0x00100020, 0x00101000, 0x00101001, 0x00101005, 0x00101060, 0x00102297),
        *(0x00101050, 0x00101080, 0x00101090, 0x00102150, 0x00101040, 0x00102154, 0x00102155),
        *(0x00080050, 0x00200010, 0x00380010, 0x00380060, 0x00321066, 0x00401001, 0x00402016, 0x00402017),
    }
)


def make_context(examined: ExaminedInstance, profile: Profile, keys: Keys) -> RewriteContext:
    """The context of `examined` under `profile`; raises Held("patient-unknown") without a patient id."""
    facts, policy = examined.facts, policy_for(profile)
    token = patient_token(keys, facts.issuer_of_patient_id, facts.patient_id)
    own: frozenset[bytes] = frozenset()
    taboo: frozenset[bytes] = frozenset()
    scope = TOP
    if policy.reads_text:
        elements, buffer = examined.attributes.by_tag.values(), examined.plain.buffer
        own, taboo = _words(buffer, elements)
        private = kept_private(buffer, elements, own) if policy.retains_private else {}
        scope = Scope(character_set=character_set(examined.attributes), private=tuple(private.items()))
    own_days: frozenset[bytes] = frozenset()
    if Option.MODIFIED_DATES in profile.options:
        own_days = days_in(examined.plain.buffer, examined.attributes.by_tag.values())
    return RewriteContext(
        policy=policy,
        keys=keys,
        patient_label=patient_label(token).encode("ascii"),
        shift_days=date_shift_days(keys, token),
        implicit=examined.plain.implicit,
        own_words=own,
        taboo=taboo,
        own_days=own_days,
        scope=scope,
    )


def _words(buffer: Buffer, elements: Iterable[Element]) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The words of the patient's own names, identifiers and birth date; and those of every other name too."""
    own: set[bytes] = set()
    others: set[bytes] = set()
    for element in _all(elements):
        if element.tag in _OWN:
            raw = bytes(buffer[element.value : element.stop])
            own |= own_words(raw) | own_number(raw)
        elif element.tag == _BIRTH_DATE:
            own |= own_date(bytes(buffer[element.value : element.stop]))
        elif element.vr == b"PN":
            others |= own_words(bytes(buffer[element.value : element.stop]))
    return frozenset(own), frozenset(own | others)


def _all(elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        if element.items is None:
            yield element
        else:
            for item in element.items:
                yield from _all(item.elements)
