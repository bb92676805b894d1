#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/surface.md against the ABI and the tests there are: surface_test.py BUILD [CTEST]

Every hostcall, callback and WASI function of wasmup/signatures.hpp has a row of its own; every test that a row names
exists (a unit test both natively and on the module, a test in Envoy there), and every SDK name, header and example; a
cell that names nothing gives the reason: `none: reason`."""

import re
import sys
from pathlib import Path

from listed_tests import listed_tests

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs/surface.md"
SDK_SOURCES = "".join(path.read_text() for path in sorted((ROOT / "include/wasmup").glob("*.hpp")))


def abi_names():
    text = (ROOT / "include/wasmup/signatures.hpp").read_text()
    return set(re.findall(r'"(\w+)", "\w*", "i?"}', text)) | set(re.findall(r'>\("(\w+)"\)', text))


def rows():
    for number, line in enumerate(DOCUMENT.read_text().splitlines(), 1):
        if line.startswith("| `"):
            yield number, [cell.strip() for cell in line.strip("| ").split("|")]


def is_reason(cell):
    return re.match(r"none: \S", cell) is not None


def wrong_with_tests(cell, kinds, tests):
    """Of a cell whose tests run as each of `kinds`."""
    if is_reason(cell):
        return []
    wrong = []
    names = re.findall(r"`([^`]*)`", cell)
    if not names:
        wrong.append(f"'{cell}' is neither a test nor `none: reason`")
    for name in names:
        if case := re.fullmatch(r"fidelity/(\w+)", name):
            expected = [f"module/table/InTheFakeHost.fidelity/{case[1]}", f"envoy/table/InEnvoy.fidelity/{case[1]}"]
        else:
            expected = [f"{kind}/{name}" for kind in kinds]
        wrong += [f"there is no test {test}" for test in expected if test not in tests]
    return wrong


def wrong_with(cells, tests):
    if len(cells) != 5 or not all(cells):
        return ["it has not five cells, or an empty one"]
    abi, sdk, units, envoys, examples = cells
    wrong = []
    if not re.fullmatch(r"`\w+`", abi):
        wrong.append(f"'{abi}' is not one name of the ABI")
    wrong += wrong_with_tests(units, ("native", "module"), tests)
    wrong += wrong_with_tests(envoys, ("envoy",), tests)
    if not is_reason(sdk):
        if "](../include/wasmup/" not in sdk:
            wrong.append(f"'{sdk}' is neither a name with its header nor `none: reason`")
        wrong += [f"the SDK has no {name}" for name in re.findall(r"`([\w:]+)", sdk)
                  if not re.search(rf"\b{name.split('::')[-1]}\b", SDK_SOURCES)]
    if not is_reason(examples) and "](../examples/" not in examples:
        wrong.append(f"'{examples}' is neither an example nor `none: reason`")
    wrong += [f"there is no {target}" for target in re.findall(r"\]\(([^)#]+)", " ".join(cells))
              if not (DOCUMENT.parent / target).exists()]
    return wrong


def main():
    tests = listed_tests(sys.argv[1:])
    wrong, named = [], []
    for number, cells in rows():
        named.append(cells[0].strip("`"))
        wrong += [f"docs/surface.md:{number}: {one}" for one in wrong_with(cells, tests)]
    wrong += [f"docs/surface.md has more than one row for {name}" for name in sorted(set(named))
              if named.count(name) > 1]
    wrong += [f"docs/surface.md has no row for {name}" for name in sorted(abi_names() - set(named))]
    wrong += [f"docs/surface.md has a row for {name}, which is not in wasmup/signatures.hpp"
              for name in sorted(set(named) - abi_names())]
    print(*wrong, f"{len(named)} functions of the ABI, {len(wrong)} things wrong", sep="\n")
    return 1 if wrong else 0


sys.exit(main())
