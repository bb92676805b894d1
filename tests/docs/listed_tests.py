# SPDX-License-Identifier: MIT
"""The names of the tests that a build has, as a script of this folder is given it: SCRIPT BUILD [CTEST]"""

import json
import subprocess


def listed_tests(arguments):
    build = arguments[0]
    ctest = arguments[1] if len(arguments) > 1 else "ctest"
    listed = json.loads(subprocess.run([ctest, "--test-dir", build, "--show-only=json-v1"], check=True,
                                       stdout=subprocess.PIPE).stdout)
    return {test["name"] for test in listed["tests"]}
