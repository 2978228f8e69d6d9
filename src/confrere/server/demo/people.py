"""The demo institution: two hospitals, six made-up members, three rooms. Every name and number is invented."""

from dataclasses import dataclass

from confrere.server.configuration import Configuration

PASSWORD = "demo-only-2026"  # noqa: S105  # works in demo homes on loopback alone
ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class Person:
    """One demo member."""

    username: str
    display_name: str
    role: str
    hospital: str
    registration_number: str


BATHINDA, JAIPUR = "Malwa District Hospital", "Amer Teaching Hospital"
CITIES = {BATHINDA: "Bathinda", JAIPUR: "Jaipur"}

PEOPLE = (
    Person("kaur", "Dr Simran Kaur", "moderator", BATHINDA, "DEMO-PB-10234"),
    Person("arora", "Dr Nikhil Arora", "member", BATHINDA, "DEMO-PB-10877"),
    Person("gill", "Dr Harleen Gill", "member", BATHINDA, "DEMO-PB-11560"),
    Person("admin", "Rohit Bansal", "admin", BATHINDA, "DEMO-PB-00001"),
    Person("meena", "Dr Asha Meena", "moderator", JAIPUR, "DEMO-RJ-20411"),
    Person("sheikh", "Dr Imran Sheikh", "member", JAIPUR, "DEMO-RJ-20982"),
)

ROOMS = (
    ("Radiology, Bathinda", "Cases of the department, every day.", "department", ("kaur", "arora", "gill")),
    (
        "Neuro reading, two hospitals",
        "Brain and spine, Bathinda and Jaipur.",
        "society",
        ("kaur", "arora", "meena", "sheikh"),
    ),
    ("Residents' class", "Teaching cases with the answer held back.", "class", ("meena", "sheikh")),
)

PEERS = (("WS_BATHINDA", "kaur"), ("WS_JAIPUR", "meena"))


def enrol(configuration: Configuration) -> None:
    """Create hospitals, members, rooms and senders, once."""
    from confrere.apps.accounts.actions.members import (
        NewMember,
        enrol_member,
        found_institution,
        join_audience,
    )
    from confrere.apps.accounts.reads import has_institutions
    from confrere.apps.intake.actions.peers import allow_peer
    from confrere.apps.rooms.actions.rooms import NewRoom, found_room

    if has_institutions():
        return
    hospitals = {name: found_institution(ACTOR, name, city) for name, city in CITIES.items()}
    members = {}
    for person in PEOPLE:
        new = NewMember(
            person.username,
            person.display_name,
            PASSWORD,
            person.role,
            person.registration_number,
            is_demo=True,
        )
        members[person.username] = enrol_member(ACTOR, hospitals[person.hospital], new)
    for name, about, kind, usernames in ROOMS:
        founder, *others = usernames
        room = found_room(members[founder], NewRoom(name, about, kind))
        for username in others:
            join_audience(ACTOR, room.audience_id, members[username].id)
    for ae_title, username in PEERS:
        allow_peer(ACTOR, members[username], ae_title, ["127.0.0.0/8", "::1/128"])


def is_waiting(configuration: Configuration) -> bool:
    """Whether the demo studies have not all been sent yet."""
    marker = configuration.home / "demo"
    return marker.exists() and marker.read_text().strip() != "sent"
