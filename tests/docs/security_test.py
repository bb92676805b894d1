#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SECURITY.md against the tests there are: security_test.py BUILD [CTEST]

Each row of its tables names at least one test, and each test that is named exists; * stands for any text."""

import fnmatch
import re
import sys
from pathlib import Path

from listed_tests import listed_tests

DOCUMENT = Path(__file__).resolve().parents[2] / "SECURITY.md"


def is_there(name, tests):
    # Fuzzers are built by clang alone.
    source = DOCUMENT.parent / "fuzz" / (name.removeprefix("fuzz/") + "_fuzz.cpp")
    return bool(fnmatch.filter(tests, name)) or (name.startswith("fuzz/") and source.exists())


def main():
    tests = listed_tests(sys.argv[1:])
    wrong, rows = [], 0
    for number, line in enumerate(DOCUMENT.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if not line.startswith("| ") or cells[-1] == "Test":
            continue
        rows += 1
        named = re.findall(r"`([^`]+)`", cells[-1])
        if not named:
            wrong.append(f"SECURITY.md:{number}: no test")
        wrong += [f"SECURITY.md:{number}: there is no test {name}" for name in named if not is_there(name, tests)]
    print(*wrong, f"{rows} promises, {len(wrong)} wrong", sep="\n")
    return 1 if wrong or rows == 0 else 0


sys.exit(main())
