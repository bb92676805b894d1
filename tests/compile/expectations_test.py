#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether each static_assert of the SDK has a case here that runs into it: as many cases must expect a message as there
are assertions with it."""

import re
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include"
# What no source can run into on a machine that builds this at all.
NEVER = {"pairs are read in place", "a module has fewer than 255 filters"}
LITERALS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'


def text_of(literals):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))


def messages():
    for header in sorted(INCLUDE.rglob("*.hpp")):
        text = re.sub(r"//[^\n]*", "", header.read_text())
        callback = r"WASMUP_DETAIL_CALLBACK(?:_AS\(\w+,\s*|\()(\w+),\s*" + LITERALS + r"\)"
        for name, signature in re.findall(callback, text):
            yield f"{name} must be public and look like: {text_of(signature)}"
        text = re.sub(r"^#define(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.MULTILINE)
        for assertion in re.split(r"\bstatic_assert\b", text)[1:]:
            found = re.search(r",\s*" + LITERALS + r"\)\s*;", assertion)
            yield text_of(found[1]) if found else "a static_assert without a message in " + header.name


def main():
    wanted = Counter(message for message in messages() if message not in NEVER)
    expected = [line.partition("// expect: ")[2] for case in sorted(HERE.glob("*.cpp"))
                for line in case.read_text().splitlines() if line.startswith("// expect: ")]
    wrong = []
    for message, count in wanted.items():
        cases = sum(re.search(pattern, message) is not None for pattern in expected)
        if cases < count:
            wrong.append(f"{count} static_assert of '{message}', and {cases} cases that expect it")
    print(*wrong, f"{sum(wanted.values())} assertions, {len(expected)} cases, {len(wrong)} without one", sep="\n")
    return 1 if wrong or not wanted else 0


sys.exit(main())
