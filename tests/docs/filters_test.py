#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The documents' filters, built by their own command of a stock clang: filters_test.py COMPILER

The folder of the project is where the command is run, as a reader would; only its files' places are changed."""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def blocks(readme, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)


def check(document, compiler, folder):
    """Builds the document's filters by its command, reads its tests."""
    text = (ROOT / document).read_text()
    commands = [block.strip() for block in blocks(text, "sh") if block.startswith("clang++")]
    filters = [block for block in blocks(text, "cpp") if "WASMUP_REGISTER" in block]
    tests = [block for block in blocks(text, "cpp") if "TEST(" in block]
    assert len(commands) == 1 and len(filters) >= 2, f"{document} no longer shows what this test builds"
    for number, filter_text in enumerate(filters, 1):
        source, module = Path(folder, "filter.cpp"), Path(folder, "filter.wasm")
        include = "" if "#include" in filter_text else "#include <string>\n#include <wasmup/wasmup.hpp>\n"
        source.write_text(include + filter_text)
        words = [compiler if word.startswith("clang++") else str(source) if word.endswith(".cpp")
                 else str(module) if word.endswith(".wasm") else word for word in shlex.split(commands[0])]
        subprocess.run([*words, "-Wall", "-Wextra", "-Werror"], cwd=ROOT, check=True)
        subprocess.run(["wasm-validate", "--enable-all", module], check=True)
        print(f"{document}, filter {number}: {module.stat().st_size} bytes")
    for test in tests:
        source = Path(folder, "test.cpp")
        source.write_text(test)
        subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-Iinclude", source], cwd=ROOT, check=True)


with tempfile.TemporaryDirectory(prefix="wasmup-docs-") as scratch:
    for name in ("README.md", "docs/sdk.md"):
        check(name, sys.argv[1], scratch)
