"""One decision with every rule pack loaded, beside cedarpy with as many policies of the same conditions.

    .venv/bin/python benchmarks/rules.py [--rounds N]

Both are asked the same requests in turns: the scenarios of the rules' tests, and as many made from the vocabulary.
cedarpy is installed by pip into an environment that is thrown away, gets one policy for each rule with the rule's own
conditions, parsed beforehand, and answers allow or deny; ours answers with values, clauses, duties and ways out.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import replace
from datetime import date
from pathlib import Path

from figures import ended, load, machine, tell

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from confrere.core.rules import Request, decide, shipped_packs  # noqa: E402
from confrere.core.rules.ambiguities import DEFAULTS  # noqa: E402
from confrere.core.rules.facts import Facts, facts_of  # noqa: E402
from confrere.core.rules.pack import Condition, Rule  # noqa: E402
from confrere.core.rules.vocabulary import (  # noqa: E402
    Action,
    Actor,
    ConsentGiver,
    Content,
    DecisionValue,
    Destination,
    Flag,
    Identity,
)

SCENARIOS = ROOT / "tests/core/rules/scenarios.json"
ON = date(2026, 11, 23)
BOUND_US = 200.0
ONE_OF = ("action", "destination", "identity", "modality")


def requests() -> list[Request]:
    """The scenarios, and as many made from the vocabulary; none limits its packs."""
    rows = json.loads(SCENARIOS.read_text("utf-8"))["rows"]
    told = [replace(Request.from_json(row["request"]), packs=None) for row in rows]
    dice = random.Random(5)
    made = [
        Request(
            dice.choice(list(Actor)),
            dice.choice(list(Action)),
            frozenset(dice.sample(list(Content), 2)),
            dice.choice(list(Destination)),
            dice.choice(list(Identity)),
            flags=frozenset(dice.sample(list(Flag), 2)),
        )
        for _ in told
    ]
    return told + made


def listed(words: frozenset[str]) -> str:
    return "[" + ", ".join(json.dumps(str(one)) for one in sorted(words)) + "]"


def in_cedar(when: Condition) -> str:
    """A condition in Cedar's words; readings of ambiguities are decided when the policies are written."""
    if any(DEFAULTS[name] != wanted for name, wanted in when.reading):
        return "false"
    parts = [f"{listed(getattr(when, key))}.contains(context.{key})" for key in ONE_OF if getattr(when, key)]
    if when.actor:
        parts.append(f"context.actors.containsAny({listed(when.actor)})")
    if when.content_any:
        parts.append(f"context.content.containsAny({listed(when.content_any)})")
    if when.content_none:
        parts.append(f"!context.content.containsAny({listed(when.content_none)})")
    if when.flags_any:
        parts.append(f"context.flags.containsAny({listed(when.flags_any)})")
    if when.flags_all:
        parts.append(f"context.flags.containsAll({listed(when.flags_all)})")
    if when.flags_none:
        parts.append(f"!context.flags.containsAny({listed(when.flags_none)})")
    if when.consent:
        giver = "".join(f"_{one}" for one in sorted(when.giver))
        parts.append(f"{listed(when.consent)}.contains(context.form{giver})")
    if when.care is not None:
        parts.append("context.care" if when.care else "!context.care")
    if when.invalid_consent is not None:
        parts.append("context.invalid" if when.invalid_consent else "!context.invalid")
    return " && ".join(parts) or "true"


def policy(rule: Rule) -> str:
    """A rule as one policy: forbid if any of its cases does."""
    cases = []
    for case in rule.cases:
        exceptions = "".join(f" && !({in_cedar(one)})" for one in case.unless)
        cases.append(f"(({in_cedar(case.when)}){exceptions})")
    effect = "forbid" if any(one.decision is DecisionValue.FORBID for one in rule.cases) else "permit"
    when = " || ".join(cases) or "false"
    return f"@id({json.dumps(rule.id)})\n{effect}(principal, action, resource) when {{ {when} }};\n"


def context(facts: Facts) -> dict[str, object]:
    return {
        "actors": sorted(facts.actors),
        "action": facts.action.value,
        "content": sorted(facts.content),
        "destination": facts.destination.value,
        "identity": facts.identity.value,
        "flags": sorted(facts.flags),
        "modality": facts.modality,
        "form": facts.form.value,
        "form_guardian": facts.form_by(frozenset((ConsentGiver.GUARDIAN,))).value,
        "form_patient": facts.form_by(frozenset((ConsentGiver.PATIENT,))).value,
        "invalid": facts.has_invalid_consent,
        "care": facts.is_care,
    }


def ours(asked: list[Request]) -> list[float]:
    """Microseconds of each decision."""
    packs = shipped_packs()
    times = []
    for request in asked:
        started = time.perf_counter_ns()
        decide(request, packs, on=ON)
        times.append((time.perf_counter_ns() - started) / 1000)
    return times


def cedar_in(folder: Path) -> Path | None:
    """The Python of a new environment with cedarpy; None where it cannot be installed."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run([python, "-m", "pip", "install", "-q", "cedarpy"], capture_output=True, check=False)
    return None if done.returncode else python


def cedar(python: Path, task: Path) -> dict[str, object]:
    """What the other side says of one round: version, how it answered, microseconds of each."""
    command = [str(python), str(Path(__file__).with_name("rules_cedar.py")), str(task)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, object] = json.loads(done.stdout)
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    asked = requests()
    rules = [rule for pack in shipped_packs() for rule in pack.rules]
    print(f"{machine()}; {load()}", flush=True)
    print(f"{len(shipped_packs())} packs, {len(rules)} rules, {len(asked)} requests, {rounds} rounds", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        task = Path(scratch) / "task.json"
        contexts = [context(facts_of(one, ON, DEFAULTS | dict(one.profile))) for one in asked]
        task.write_text(json.dumps({"policies": "".join(map(policy, rules)), "contexts": contexts}))
        python = cedar_in(Path(scratch) / "cedar")
        mine: list[float] = []
        theirs: list[float] = []
        ours(asked)  # a first round fills the caches of processor and interpreter
        for _ in range(rounds):
            mine += ours(asked)
            if python is not None:
                said = cedar(python, task)
                theirs += said["times"]  # type: ignore[operator]
    if python is None:
        print("cedarpy could not be installed here", flush=True)
    else:
        print(f"cedarpy {said['version']}: {said['policies']} policies; {said['answers']}", flush=True)
        tell("cedarpy, one answer, median", statistics.median(theirs), "µs")
        tell("ours by cedarpy's", statistics.median(mine) / statistics.median(theirs), "times")
    tell("decision with all packs, 95th percentile", statistics.quantiles(mine, n=20)[-1], "µs")
    tell("decision with all packs, median", statistics.median(mine), "µs", BOUND_US)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
