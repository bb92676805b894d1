#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/doctor.md has every finding that the code can make, and no other."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
document = (root / "docs/doctor.md").read_text()
documented = re.findall(r"^\| `([a-z0-9-]+)` \|", document, re.MULTILINE)

sources = [root / "cli/deployment/explain.cpp", root / "cli/commands/doctor_local.cpp"]
sources += sorted((root / "cli/doctor").glob("*_checks.cpp"))
name = re.compile(r'"((?:[a-z0-9]+-)+[a-z0-9]+)"')
# A name stands where a finding begins, or alone on its line in the table of reasons.
begins = re.compile(r'(?:\{|\? |: |return \{|Finding finding\{|push_back\(\{|^\s+)("(?:[a-z]+-)+[a-z]+")', re.MULTILINE)
not_findings = {"envoy-gateway", "envoy-gateway-system", "envoy-oidc-hmac", "hmac-secret"}
made = set()
for source in sources:
    for quoted in begins.findall(source.read_text()):
        made.add(name.match(quoted).group(1))
made -= not_findings

failures = []
if len(documented) < 30 or len(made) < 30:
    failures.append(f"too few names found: {len(documented)} in the document, {len(made)} in the code")
for twice in sorted({one for one in documented if documented.count(one) > 1}):
    failures.append(f"{twice} stands twice in docs/doctor.md")
for missing in sorted(made - set(documented)):
    failures.append(f"{missing} is not in docs/doctor.md")
for stale in sorted(set(documented) - made):
    failures.append(f"{stale} is in docs/doctor.md, but nothing finds it")
if failures:
    sys.exit("\n".join(failures))
print(f"{len(made)} findings, each documented")
