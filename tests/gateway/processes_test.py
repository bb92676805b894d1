# SPDX-License-Identifier: MIT
"""The life of a gateway: processes_test.py PROGRAM. Whatever ends, it goes on, or goes away without a trace."""
import os
import signal
import subprocess
import sys
import threading
import unittest
from pathlib import Path

from local_gateway import Gateway, ask, module, wait_for

PROGRAM = None


class OneGateway(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(PROGRAM)
        self.addCleanup(self.gateway.close)

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


class Processes(OneGateway):
    def setUp(self):
        super().setUp()
        self.gateway.up()

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


class Run(OneGateway):
    """`run --gateway`, with a gateway of its own."""

    def setUp(self):
        super().setUp()
        wait_for("Envoy Gateway's ports are free", self.gateway.ports_are_free, 300)
        self.module = self.gateway.folder / "filter.wasm"
        self.save("OLD")
        self.lines = []

    def save(self, value):
        self.module.write_bytes(module("trapping", FOO=value))

    def start(self, *flags):
        """Until it serves; returns the process, and where it serves."""
        process = subprocess.Popen([PROGRAM, "run", "--gateway", "--filter", self.module, *flags], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, env=self.gateway.environment)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        threading.Thread(target=lambda: self.lines.extend(process.stdout), daemon=True).start()

        def url():
            self.assertIsNone(process.poll(), "".join(self.lines))
            return next((line.split()[1] for line in self.lines if line.startswith("serving")), None)
        return process, wait_for("it serves", url)

    def test_what_is_saved_is_served_and_ctrl_c_leaves_nothing(self):
        process, url = self.start("--watch", "--expect", "x-wasm-custom=OLD")
        self.assertEqual(ask(url).values("x-wasm-custom"), ["OLD"])
        self.save("NEW")
        wait_for("the new version", lambda: ask(url).values("x-wasm-custom") == ["NEW"])
        self.assertNotEqual(self.left(), [])
        process.send_signal(signal.SIGINT)
        process.wait(60)
        self.assertEqual(process.returncode, 0, "".join(self.lines))
        wait_for("it has said so", lambda: any(line.startswith("ended") for line in self.lines))
        self.assertEqual(self.left(), [])
        self.assertFalse(self.gateway.state.exists())


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
