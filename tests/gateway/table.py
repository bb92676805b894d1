# SPDX-License-Identifier: MIT
"""Tables of docs/gateway.md that a test checks against what it saw; with WASMUP_UPDATE_GOLDEN=1, writes."""
import os
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/gateway.md"


def check(rows, name, test):
    """The rows between `<!-- NAME -->` and the next empty line, behind the two of the head."""
    text = DOCUMENT.read_text()
    begin = text.index(f"<!-- {name} -->\n")
    end = text.index("\n\n", begin)
    lines = text[begin:end].split("\n")
    head, body = lines[:3], lines[3:]
    seen = ["| " + " | ".join(row) + " |" for row in rows]
    if os.environ.get("WASMUP_UPDATE_GOLDEN"):
        DOCUMENT.write_text(text[:begin] + "\n".join(head + seen) + text[end:])
        return
    test.assertEqual(body, seen, f"{DOCUMENT.name}: if this is meant, WASMUP_UPDATE_GOLDEN=1")
