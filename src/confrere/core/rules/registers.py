"""The registers a practitioner can be on: codes of the states and union territories, old and new ones.

Source: ISO 3166-2:IN and its former codes; IMR is the national register.
"""

REGISTERS = frozenset(
    "AN AP AR AS BR CG CH CT DD DH DL DN GA GJ HP HR IMR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TG TN "
    "TR TS UA UK UP UT WB".split()
)
