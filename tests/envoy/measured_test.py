#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The measured tables (cli/wasm/envoys) against the Envoy that is tested in: measured_test.py

That is $WASMUP_ENVOY, the one set up here, or the one on the PATH. Measures it anew, all of it, and compares. The negative control is a table with a line changed, one less and one more."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cli/wasm/envoys"))
import probe  # noqa: E402


def find_envoy():
    set_up = ROOT / ".wasmup/bin/envoy"
    return os.environ.get("WASMUP_ENVOY") or (set_up if set_up.exists() else shutil.which("envoy"))


def version_of(envoy, table):
    """The version in the table that speaks for this Envoy."""
    said = subprocess.run([envoy, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout
    minor = re.search(r"/(\d+\.\d+)\.\d+", said)[1]
    return next(word for word in table.split() if word.startswith(minor + "."))


def lines_for(table, version):
    """Of this version, with the version itself, which stands last, taken off."""
    lines = [line.rsplit("\t", 1) for line in table.splitlines() if not line.startswith("#")]
    return {line for line, versions in lines if version in versions.split(" ")}


def main():
    envoy = find_envoy()
    said = {name: (probe.HERE / name).read_text() for name in ("functions.tsv", "features.tsv")}
    version = version_of(envoy, said["functions.tsv"])
    seen = {"functions.tsv": probe.functions_table({version: probe.functions_of(envoy)}),
            "features.tsv": probe.features_table({version: probe.features_of(envoy)})}
    failures = []
    for name, table in said.items():
        wrong = lines_for(table, version) ^ lines_for(seen[name], version)
        failures += [f"{name}: {line}" for line in sorted(wrong)]
        first = next(line for line in table.splitlines() if version in line and not line.startswith("#"))
        for changed in (table.replace(first + "\n", ""), table + "more\t" + first + "\n",
                        table.replace(first, "x" + first)):
            if lines_for(changed, version) == lines_for(table, version):
                failures.append(f"{name}: a change is not seen")
    print(*failures, f"{len(lines_for(said['functions.tsv'], version))} functions of Envoy {version}", sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
