#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing of the program speaks to its user but the terminal, which makes visible whatever it says: prints_test.py CLI"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
# What writes to standard output or error, or to a terminal; and who may.
roundabout = re.compile(
    r"std::(cout|cerr|clog|print|println|puts|printf|vprint)\b|\bfmt::(print|println|vprint)\b"
    r"|\b(printf|fprintf|dprintf|puts|fputs|putchar|putc|fputc|perror|psignal|fwrite)\s*\("
    r"|\b(stdout|stderr)\b|\b(STDOUT|STDERR)_FILENO\b|/dev/(tty|stdout|stderr)|::write\s*\(\s*[12]\b"
    r"|\bsyslog\s*\(|std::ostream\b"
)
allowed = {
    "main.cpp": "hands both streams to the terminal",
    "terminal/terminal.cpp": "is the terminal",
    "terminal/terminal.hpp": "is the terminal",
    "reference_main.cpp": "is run by the build alone",
    "os/interrupt.cpp": "says that a second Ctrl-C ends the program, from a signal's handler",
}
# The descriptors of children, and whether ours are a terminal, are no prints.
no_print = re.compile(r"isatty\(|dup2\(|posix_spawn_file_actions_|tcgetpgrp\(|poll\(")


def code_of(text):
    text = re.sub(r"//.*", "", text)
    text = re.sub(r"/\*.*?\*/", lambda match: "\n" * match.group().count("\n"), text, flags=re.DOTALL)
    # Strings hold shell and C++ of their own, but for the names of devices.
    return re.sub(r'"((?:[^"\\\n]|\\.)*)"', lambda match: match.group() if "/dev/" in match.group() else '""', text)


def finds(line):
    return bool(roundabout.search(line)) and not no_print.search(line)


for line in ['std::cout << name;', 'fmt::print("{}", name);', 'std::fprintf(stderr, name);', '::write(1, name, 2);',
             'std::ofstream("/dev/tty") << name;']:
    assert finds(code_of(line)), f"the test itself does not see: {line}"

failures = []
seen = set()
sources = [path for path in sorted(root.rglob("*.[ch]pp")) if not re.search(r"_test\.|/testing/|fake_", str(path))]
for path in sources:
    name = str(path.relative_to(root))
    for number, line in enumerate(code_of(path.read_text()).splitlines(), 1):
        if not finds(line):
            continue
        seen.add(name)
        if name not in allowed:
            failures.append(f"cli/{name}:{number} goes round the terminal: {line.strip()}")
for name in sorted(set(allowed) - seen):
    failures.append(f"cli/{name} is allowed to print, and does not")
# JSON is printed in ASCII, with its invalid bytes replaced: by one function.
for path in sources:
    for number, line in enumerate(code_of(path.read_text()).splitlines(), 1):
        if re.search(r"print\(.*\.dump\(", line) and "write_yaml" not in line:
            failures.append(f"cli/{path.relative_to(root)}:{number} prints JSON without text::json_text()")
if len(sources) < 100:
    failures.append(f"only {len(sources)} sources in {root}")
if failures:
    sys.exit("\n".join(failures))
print(f"{len(sources)} sources, and none goes round the terminal")
