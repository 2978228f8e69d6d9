"""The other side of rules.py, run by the Python that has cedarpy: one round of answers, each on its own clock."""

import collections
import importlib.metadata
import json
import sys
import time
from pathlib import Path

import cedarpy


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    policies = cedarpy.PolicySet.from_str(task["policies"])
    entities = cedarpy.Entities.from_json_str("[]")
    who = {"principal": 'User::"a"', "action": 'Action::"b"', "resource": 'Place::"c"'}
    asked = [who | {"context": one} for one in task["contexts"]]
    cedarpy.is_authorized(asked[0], policies, entities)
    times, answers = [], collections.Counter()
    for request in asked:
        started = time.perf_counter_ns()
        answer = cedarpy.is_authorized(request, policies, entities)
        times.append((time.perf_counter_ns() - started) / 1000)
        answers["errors" if answer.diagnostics.errors else str(answer.decision.name)] += 1
    version = importlib.metadata.version("cedarpy")
    count = task["policies"].count("@id(")
    print(json.dumps({"version": version, "policies": count, "answers": answers, "times": times}))


if __name__ == "__main__":
    main()
