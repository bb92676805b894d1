#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program's sources against its layers: layers_test.py CLI_FOLDER

What comes from a folder, a registry or a cluster is data, so files, children, JSON and YAML have one layer each, which
bounds and checks. A call that goes round them is found here; each exception is named with its reason."""

import re
import sys
from pathlib import Path

ROUND = {
    "files (cli/text/file.hpp)": re.compile(
        r"\b[io]?fstream\b|\bfopen\(|::(?:open|openat|openat2|creat|mkostemp|mkstemp|symlink|link|rename|unlink)\("
        r"|\bfs::(?:copy_file|copy\(|rename|copy_symlink|create_symlink)|std::filesystem::(?:copy|rename)"),
    "children (cli/os/processes.hpp)": re.compile(
        r"::(?:fork|vfork|execve?|execvp|execl\w*|posix_spawnp?|clone)\(|\bpopen\(|\bstd::system\(|[^\w.:]system\("),
    "the environment (cli/environment.hpp)": re.compile(r"\b(?:std::)?(?:secure_)?getenv\(|\benviron\b|\bsetenv\("),
}

ALLOWED = {
    "files (cli/text/file.hpp)": {
        "text/file.cpp": "the layer itself",
        "os/confinement.cpp": "places that a child is held to, which are not read",
        "os/processes.cpp": "/dev/null, and a log in a folder of our own",
        "os/file_lock.cpp": "a lock in a folder of our own, without following a link",
        "os/port_owner.cpp": "the kernel's own files under /proc",
        "os/process_id.cpp": "the kernel's own files under /proc",
        "os/private_root.cpp": "the kernel's own files under /proc, and an empty folder of our own",
        "gateway/gateway.cpp": "logs in the gateway's own folder",
        "gateway/programs.cpp": "a program in the user's own cache",
        "gateway/loopback.cpp": "the kernel's own files under /proc",
        "gateway/supervisor.cpp": "logs in the gateway's own folder",
        "gateway/supervisor.hpp": "logs in the gateway's own folder",
        "commands/gateway_logs.cpp": "logs in the gateway's own folder",
        "project/template.cpp": "the rename of a fresh folder of our own",
        "reference_main.cpp": "a tool of the build",
    },
    "children (cli/os/processes.hpp)": {"os/processes.cpp": "the layer itself"},
    "the environment (cli/environment.hpp)": {
        "environment.cpp": "the layer itself",
        "gateway/supervisor.cpp": "the variables that the user has named",
        "os/installation.cpp": "where zig-c++ has its cache",
        "os/processes.cpp": "what children inherit, and the PATH",
        "terminal/terminal.cpp": "what the terminal can do",
    },
}


def sources(folder):
    for path in sorted(folder.rglob("*.[ch]pp")):
        name = path.relative_to(folder).as_posix()
        is_test = name.endswith("_test.cpp") or name.startswith("testing/") or "/fake_" in name or "scripted" in name
        if not is_test:
            yield name, re.sub(r"//[^\n]*", "", path.read_text())


def main():
    folder = Path(sys.argv[1])
    wrong, used, seen = [], set(), 0
    for name, text in sources(folder):
        seen += 1
        for layer, pattern in ROUND.items():
            for number, line in enumerate(text.splitlines(), 1):
                if not pattern.search(line):
                    continue
                if name in ALLOWED[layer]:
                    used.add((layer, name))
                else:
                    wrong.append(f"cli/{name}:{number} goes round {layer}: {line.strip()}")
    wrong += [f"{layer}: cli/{name} is allowed, and does nothing of the kind" for layer, names in ALLOWED.items()
              for name in names if (layer, name) not in used]
    print(*wrong, f"{seen} files, {len(wrong)} wrong", sep="\n")
    return 1 if wrong or seen < 100 else 0


sys.exit(main())
