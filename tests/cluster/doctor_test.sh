#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
exec python3 -B "$(dirname "$0")/doctor_test.py" "$@"
