#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `wasmup manifest --plain-envoy` prints, in a real Envoy: plain_envoy_test.py PROGRAM. It checks what it is given
(`--mode validate`), and serves one with a module from a file and one by HTTP."""
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gateway"))
from local_gateway import FileServer, ask, free_port, module, wait_for  # noqa: E402
from measured_test import find_envoy  # noqa: E402

HEADER = "x-wasm-custom"
PROGRAM = None
UPSTREAM = Path(__file__).resolve().parent / "upstream.py"


class PlainEnvoy(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="wasmup-plain-envoy-")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.filter = module("trapping")  # sets the header to FOO
        self.files = FileServer({"foo.wasm": self.filter})
        self.addCleanup(self.files.close)
        self.url, self.sha256 = f"{self.files.url}/foo.wasm", hashlib.sha256(self.filter).hexdigest()

    def manifest(self, *flags):
        """The configuration, with what it has of fixed ports replaced by free ones."""
        result = subprocess.run([PROGRAM, "manifest", "--plain-envoy", "--target", "HTTPRoute/backend", *flags],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def envoy(self, configuration, *flags):
        (self.folder / "envoy.yaml").write_text(configuration)
        return [find_envoy(), "-c", "envoy.yaml", "--use-dynamic-base-id", "--concurrency", "1", *flags]

    def validated(self, configuration):
        return subprocess.run(self.envoy(configuration, "--mode", "validate"), cwd=self.folder, text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def assert_valid(self, configuration):
        result = self.validated(configuration)
        self.assertEqual(result.returncode, 0, result.stdout)

    def started(self, argv, **options):
        child = subprocess.Popen(argv, cwd=self.folder, **options)

        def end():
            child.terminate()
            child.wait(30)
            for stream in filter(None, [child.stdout]):
                stream.close()
        self.addCleanup(end)
        return child

    def served(self, configuration):
        """An answer that comes through an Envoy of this configuration from an upstream that sets another header."""
        upstream = self.started([sys.executable, UPSTREAM], stdout=subprocess.PIPE, text=True)
        port = free_port()
        text = configuration.replace("port_value: 10000", f"port_value: {port}")
        text = text.replace("port_value: 8080", f"port_value: {int(upstream.stdout.readline())}")
        log = (self.folder / "log").open("wb")
        self.addCleanup(log.close)
        envoy = self.started(self.envoy(text), stdout=log, stderr=log)

        def answer():
            self.assertIsNone(envoy.poll(), (self.folder / "log").read_text())
            try:
                response = ask(f"http://127.0.0.1:{port}/header/x-upstream/its")
            except OSError:
                return None
            return response if response.status == 200 else None
        return wait_for("an answer", answer)

    def test_a_filter_of_an_image_is_read_from_a_file_and_served(self):
        (self.folder / "hello.wasm").write_bytes(self.filter)
        configuration = self.manifest("--source", "image", "ghcr.io/owner/hello:v1")
        self.assert_valid(configuration)
        response = self.served(configuration)
        self.assertEqual((response.values(HEADER), response.values("x-upstream")), (["FOO"], ["its"]))

    def test_a_filter_by_http_is_fetched_and_served(self):
        configuration = self.manifest("--source", "http", self.url, "--pin")
        self.assertIn(self.sha256, configuration)
        self.assert_valid(configuration)
        self.assertEqual(self.served(configuration).values(HEADER), ["FOO"])

    def test_several_filters_with_all_that_can_be_said_of_them(self):
        for name in ("first", "third"):
            (self.folder / f"{name}.wasm").write_bytes(module("configured"))
        configuration = self.manifest(
            "--filter", "first", "--source", "image", "ghcr.io/owner/hello:v1", "--config", '{"colour": "blue"}',
            "--root-id", "some_root", "--fail-open", "--env", "HOME", "--pull-policy", "Always",
            "--filter", "second", "--source", "http", "https://files.example.com/a.wasm", "--sha256", self.sha256,
            "--filter", "third", "--source", "image", "ghcr.io/owner/other:v1", "--config", '"text"', "--fail-closed")
        self.assert_valid(configuration)
        self.assertEqual(re.findall("failure_policy: (.*)", configuration), ["FAIL_OPEN", "FAIL_CLOSED", "FAIL_CLOSED"])

    def test_what_envoy_does_not_know_is_not_valid(self):
        """The control."""
        (self.folder / "hello.wasm").write_bytes(self.filter)
        configuration = self.manifest("--source", "image", "ghcr.io/owner/hello:v1")
        for right, wrong in (("failure_policy: FAIL_CLOSED", "failure_policy: FAIL_LOUD"),
                             ("filename: hello.wasm", "filename: other.wasm"),
                             ("cluster: upstream", "cluster: downstream")):
            self.assertIn(right, configuration)
            with self.subTest(wrong):
                self.assertNotEqual(self.validated(configuration.replace(right, wrong)).returncode, 0)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
