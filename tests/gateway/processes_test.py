# SPDX-License-Identifier: MIT
"""The life of a gateway: processes_test.py PROGRAM. Whatever ends, it goes on, or goes away without a trace."""
import os
import signal
import sys
import unittest
from pathlib import Path

from local_gateway import Gateway, ask, wait_for

PROGRAM = None


class Processes(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(PROGRAM)
        self.addCleanup(self.gateway.close)
        self.gateway.up()

    def left(self):
        """Processes that have the gateway's folder in their command line."""
        folder, found = str(self.gateway.state).encode(), []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if folder in (process / "cmdline").read_bytes():
                    found.append(process.name)
            except OSError:
                continue
        return found

    def is_served(self):
        try:
            return ask(self.gateway.url() + "/").status == 200
        except OSError:
            return False

    def test_a_process_that_is_killed_comes_back_and_in_the_end_nothing_is_left(self):
        for name in ("upstream", "registry", "envoy/"):
            pid, starts = self.gateway.process(name)
            os.kill(pid, signal.SIGKILL)
            wait_for(f"another {name}", lambda: self.gateway.process(name)[1] > starts)  # pylint: disable=all
            wait_for("traffic", self.is_served)
        again = self.gateway.run("gateway", "up")
        self.assertEqual((again.returncode, again.stdout.split()[0]), (0, "runs"), again.stdout)

        self.assertNotEqual(self.left(), [])
        os.kill(self.gateway.status()["supervisor"], signal.SIGKILL)
        wait_for("it is seen", lambda: self.gateway.run("gateway", "status").returncode == 5)
        self.assertIn("ended", self.gateway.must("gateway", "down"))
        self.assertEqual(self.left(), [])
        self.assertFalse(self.gateway.state.exists())
        self.assertNotIn(str(self.gateway.folder), Path("/proc/self/mountinfo").read_text())
        self.assertFalse(Path("/certs").exists())


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
