"""Asks `beacon classify` about every set, and prints how often it is right and the worst errors.

    BEACON=target/debug/beacon python tests/agents/accuracy.py [words of sets]
"""

import json
import os
import subprocess
import sys
from collections import defaultdict

from sets import sets

# Rows of errors below each set.
WORST = 10


def main():
    chosen = [one for one in sets() if not sys.argv[1:] or any(word in one.name for word in sys.argv[1:])]
    if not chosen:
        sys.exit(f"no set has a name with {' or '.join(sys.argv[1:])}")
    results = [(one, *measure(one)) for one in chosen]

    for one, right, errors in results:
        if errors:
            print(f"\n{one.name}: the worst of {sum(len(group) for group in errors.values())} errors")
        worst = sorted(errors.items(), key=lambda item: -sum(weight for _, weight in item[1]))
        for said, group in worst[:WORST]:
            print(f"  {len(group):4} × {said}\n         {group[0][0][:150]}")

    print(f"\n{'set':18} {'from':20} {'measures':24} {'cases':>7} {'right':>8} {'least':>7}")
    for one, right, _ in results:
        mark = "" if right >= one.least else "  TOO LOW"
        print(f"{one.name:18} {one.origin:20} {one.measures:24} {len(one.cases):7} {right:8.2%} {one.least:7.1%}{mark}")
    low = [one.name for one, right, _ in results if right < one.least]
    if low:
        sys.exit(f"below its limit: {', '.join(low)}")


def measure(one):
    """Returns the share of right answers by weight, and the errors grouped by what was said."""
    if not one.cases:
        sys.exit(f"{one.name} has no cases: has the package {one.origin} moved its files?")
    answers = classify([user_agent for user_agent, _, _ in one.cases])
    right = total = 0
    errors = defaultdict(list)
    for (user_agent, expected, weight), answer in zip(one.cases, answers, strict=True):
        total += weight
        if one.is_right(expected, answer):
            right += weight
        else:
            said = f"{answer['agent_rule']}, {answer['browser']}, {answer['os']}, {answer['device']}"
            errors[f"{said}, not {expected}" if expected else said].append((user_agent, weight))
    return right / total, errors


def classify(user_agents):
    """Returns an answer for each user agent. A few hold line breaks, which no header can."""
    text = "".join(" ".join(user_agent.splitlines()) + "\n" for user_agent in user_agents)
    done = subprocess.run([os.environ["BEACON"], "classify"], input=text.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    main()
