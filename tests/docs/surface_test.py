#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/surface.md against the ABI and the tests there are: surface_test.py BUILD

Every hostcall, callback and WASI function of wasmup/signatures.hpp has a row, every test a row names exists (a unit test
both natively and on the module, a test in Envoy there), every example is a folder, and no cell is empty."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def abi_names():
    text = (ROOT / "include/wasmup/signatures.hpp").read_text()
    return set(re.findall(r'"(\w+)", "\w*", "i?"}', text)) | set(re.findall(r'>\("(\w+)"\)', text))


def rows():
    for number, line in enumerate((ROOT / "docs/surface.md").read_text().splitlines(), 1):
        if line.startswith("| `"):
            yield number, [cell.strip() for cell in line.strip("| ").split("|")]


def wrong_with(cells, tests):
    if len(cells) != 5 or not all(cells):
        return ["it has not five cells, or an empty one"]
    wrong = []
    _, sdk, units, envoys, examples = cells
    for test in re.findall(r"`(\w+\.\w+)`", units):
        wrong += [f"there is no test {kind}/{test}" for kind in ("native", "module") if f"{kind}/{test}" not in tests]
    wrong += [f"there is no test envoy/{test}" for test in re.findall(r"`(\w+\.\w+)`", envoys)
              if f"envoy/{test}" not in tests]
    for case in re.findall(r"`fidelity/(\w+)`", units + envoys):
        wrong += [f"there is no test {test}{case}"
                  for test in ("module/table/InTheFakeHost.fidelity/", "envoy/table/InEnvoy.fidelity/")
                  if test + case not in tests]
    if not re.search("`|none", units) or not re.search("`|none", envoys):
        wrong.append("a cell has neither a test nor a reason why there is none")
    sources = "".join(path.read_text() for path in sorted((ROOT / "include/wasmup").glob("*.hpp")))
    for name in re.findall(r"`([\w:]+)", re.sub(r"none: .*", "", sdk)):
        if not re.search(rf"\b{name.split('::')[-1]}\b", sources):
            wrong.append(f"the SDK has no {name}")
    for header in re.findall(r"\(\.\./(include/\S+)\)", sdk):
        if not (ROOT / header).exists():
            wrong.append(f"there is no header {header}")
    for example in re.findall(r"\]\(\.\./(examples/\w+)\)", examples):
        if not (ROOT / example / "README.md").exists():
            wrong.append(f"there is no example {example}")
    return wrong


def main():
    listed = json.loads(subprocess.run(["ctest", "--test-dir", sys.argv[1], "--show-only=json-v1"], check=True,
                                       stdout=subprocess.PIPE).stdout)
    tests = {test["name"] for test in listed["tests"]}
    wrong, named = [], set()
    for number, cells in rows():
        named.update(re.findall(r"`(\w+)`", cells[0]))
        wrong += [f"docs/surface.md:{number}: {one}" for one in wrong_with(cells, tests)]
    wrong += [f"docs/surface.md has no row for {name}" for name in sorted(abi_names() - named)]
    wrong += [f"docs/surface.md has a row for {name}, which is not in wasmup/signatures.hpp"
              for name in sorted(named - abi_names())]
    print(*wrong, sep="\n")
    print(f"{len(named)} functions of the ABI, {len(wrong)} things wrong")
    return 1 if wrong else 0


sys.exit(main())
