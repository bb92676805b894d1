#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sizes of modules against their budgets, and the table of them.

sizes.py --table FILE --examples DIR [--exact | --slack BYTES] [--write] NAME=BUDGET=FILE...

Fails when a module is larger than its budget, when an example has none, and with --exact (the pinned compiler) when
the table is not what --write would write. --slack lets modules of another compiler be that much larger."""

import argparse
import sys
from pathlib import Path

HEAD = """# Sizes of modules

Bytes of each module as Envoy gets it, built by the pinned compiler, and the most it may have: a test holds it to that.
`cmake --build build/debug --target sizes` writes this table.

| module | bytes | budget |
|---|---:|---:|
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--exact", action="store_true")
    parser.add_argument("--slack", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("modules", nargs="+", metavar="NAME=BUDGET=FILE")
    arguments = parser.parse_args()

    failures, rows, names = [], [], set()
    for module in arguments.modules:
        name, budget, file = module.split("=", 2)
        size = Path(file).stat().st_size
        names.add(name)
        rows.append(f"| {name} | {size} | {budget} |")
        most = int(budget) + arguments.slack
        print(f"{name}: {size} bytes of {most}")
        if size > most:
            failures.append(f"{name} has {size} bytes, and may have {most}: make it smaller, or its BUDGET larger")
    for example in sorted(path.name for path in arguments.examples.iterdir() if (path / "CMakeLists.txt").exists()):
        if example not in names:
            failures.append(f"the example {example} has no BUDGET in its CMakeLists.txt")

    table = HEAD + "".join(row + "\n" for row in rows)
    if arguments.write:
        arguments.table.write_text(table)
    elif arguments.exact and (not arguments.table.exists() or arguments.table.read_text() != table):
        failures.append(f"{arguments.table.name} is not up to date\n  run: cmake --build BUILD --target sizes")
    for failure in failures:
        print(f"error: {failure}", file=sys.stderr)
    return 1 if failures else 0


sys.exit(main())
