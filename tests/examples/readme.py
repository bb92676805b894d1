# SPDX-License-Identifier: MIT
"""What an example's README says: commands, what they print, and what then stands in Envoy's log. run_example.py tells
how it is written."""

import difflib
import re
from dataclasses import dataclass


class Failure(Exception):
    """What is wrong, as the one who runs this should read it."""


@dataclass
class Step:
    line: int  # where in the README
    command: str  # empty: what is expected is in the log
    expected: list


def parse(readme):
    """The README's steps, in order."""
    steps, block = [], None  # None: between blocks; else the block's first word
    for number, line in enumerate(readme.splitlines(), 1):
        last = steps[-1] if steps else None
        if line.startswith("```"):
            block, opens = (line[3:].strip(), number) if block is None else (None, number)
            if block == "envoy-log":
                steps.append(Step(number, "", []))
        elif block == "console" and line.startswith("$ "):
            steps.append(Step(number, line[2:], []))
        elif block == "console":
            if last is None or last.line < opens:
                raise Failure(f"README.md:{number}: output before any command; a command is a line '$ curl ...'")
            if last.command.endswith("\\") and not last.expected:
                last.command = last.command[:-1] + line
            else:
                last.expected.append(line.rstrip())
        elif block == "envoy-log" and line.strip():
            last.expected.append(line.strip())
    if block is not None:
        raise Failure(f"README.md:{opens}: a block that does not end")
    if not any(step.command for step in steps):
        raise Failure("README.md has no command: nothing would be tested")
    for step in steps:
        if not step.command and not any(line.strip(". ") for line in step.expected):
            raise Failure(f"README.md:{step.line}: an envoy-log block that says nothing")
        while step.expected and not step.expected[-1]:
            step.expected.pop()  # an empty line before the next command is for people
    return steps


def line_matches(expected, seen):
    return re.fullmatch(".*".join(map(re.escape, expected.split("..."))), seen) is not None


def matches(expected, seen):
    """Whether the lines are as expected."""
    used = {0}  # how many of the lines seen may be used up
    for line in expected:
        if not used:
            return False
        if line == "...":
            used = set(range(min(used), len(seen) + 1))
        else:
            used = {n + 1 for n in used if n < len(seen) and line_matches(line, seen[n])}
    return len(seen) in used


def difference(expected, seen):
    patterns = [line for line in expected if line != "..."]
    alike = [next((p for p in patterns if line_matches(p, line)), line) for line in seen]
    lines = [line for line in difflib.ndiff(expected, alike) if not line.startswith("?")]
    return "\n".join(["    (- expected, + seen)", *("    " + line.rstrip() for line in lines)])
