#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run_example.py must be able to fail. No Envoy here: a program that does as much of one as is wanted."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from readme import Failure, matches, parse
from run_example import Ports, split

STAND_IN = '''#!{python}
import os, re, socket, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = (str(os.getpid()) if self.path == "/pid" else f"hello {{self.path}}").encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        print("asked for", self.path, flush=True)
    def log_message(self, *_): pass

class Server(HTTPServer):
    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()

configuration = open(sys.argv[sys.argv.index("-c") + 1]).read()
if "refuse" in configuration: sys.exit("refused: " + configuration.split()[-1])
server = Server(("127.0.0.1", int(re.search(r"port_value: (\\d+)", configuration)[1])), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
admin = HTTPServer(("127.0.0.1", 0), Handler)
print("arguments", sys.argv[5:], flush=True)
with open(sys.argv[sys.argv.index("--admin-address-path") + 1], "w") as file:
    file.write(f"127.0.0.1:{{admin.server_port}}")
admin.serve_forever()
'''

CONFIGURATION = """# envoy -c examples/one/envoy.yaml --concurrency 3
{port_value: 10000}
{port_value: 9901}
build/wasm/examples/one/one.wasm
"""


def console(text, info="console"):
    return f"```{info}\n{text}\n```\n"


class Matching(unittest.TestCase):
    def test_lines_must_be_the_same_in_number_and_order(self):
        self.assertTrue(matches(["a", "b"], ["a", "b"]))
        self.assertTrue(matches([], []))
        for seen in ([], ["a"], ["b", "a"], ["a", "b", "c"], ["a", "x", "b"], ["A", "b"], ["a ", "b"]):
            self.assertFalse(matches(["a", "b"], seen), seen)
        self.assertFalse(matches([], ["a"]))

    def test_a_line_of_dots_stands_for_any_number_of_lines(self):
        for seen in (["a", "z"], ["a", "b", "z"], ["a", "z", "z"]):
            self.assertTrue(matches(["a", "...", "z"], seen), seen)
        for seen in (["a"], ["z"], ["a", "b"], ["b", "a", "z"], ["a", "z", "b"]):
            self.assertFalse(matches(["a", "...", "z"], seen), seen)
        self.assertTrue(matches(["..."], []))
        self.assertTrue(matches(["...", "b", "...", "b", "..."], ["a", "b", "b"]))
        self.assertFalse(matches(["...", "b", "...", "b", "..."], ["a", "b", "c"]))

    def test_dots_within_a_line_stand_for_any_text(self):
        self.assertTrue(matches(["date: ... GMT"], ["date: today GMT"]))
        self.assertFalse(matches(["date: ... GMT"], ["date: today"]))
        self.assertFalse(matches(["date: ..."], ["date: today", ""]))

    def test_all_else_means_itself(self):
        self.assertTrue(matches(["a.[b]*"], ["a.[b]*"]))
        self.assertFalse(matches(["a.b"], ["axb"]))

    def test_many_dots_take_no_long_time(self):
        self.assertFalse(matches(["..."] * 50 + ["b"], ["a"] * 1000))


class Parsing(unittest.TestCase):
    def test_finds_commands_what_they_print_and_what_is_logged(self):
        steps = parse("text\n" + console("$ curl a\nHTTP/1.1 200 OK\n\nbody\n\n$ curl b") +
                      console("make", "sh") + console("one line\n\nanother", "envoy-log"))
        self.assertEqual([step.command for step in steps], ["curl a", "curl b", ""])
        self.assertEqual([step.line for step in steps], [3, 8, 13])
        self.assertEqual([step.expected for step in steps],
                         [["HTTP/1.1 200 OK", "", "body"], [], ["one line", "another"]])

    def test_a_command_goes_on_after_a_backslash(self):
        (step,) = parse(console("$ curl -i \\\n    localhost\noutput \\"))
        self.assertEqual(split(step.command)[0], ["curl", "-i", "localhost"])
        self.assertEqual(step.expected, ["output \\"])

    def test_a_readme_that_would_test_nothing_is_refused(self):
        for text in ("", "curl a", console("make", "sh"), console("$ curl a", "sh"), console("line", "envoy-log"),
                     console("$ curl a") + console("", "envoy-log"),
                     console("$ curl a") + console("...", "envoy-log"),
                     console("output"), console("$ curl a") + console("output"), "```console\n$ curl a\n"):
            with self.assertRaises(Failure, msg=text):
                parse(text)


class Commands(unittest.TestCase):
    def test_are_curl_with_or_without_input_or_nc(self):
        self.assertEqual(split("curl -H 'x-a: b c' 'localhost/?a=1&b=2'"),
                         (["curl", "-H", "x-a: b c", "localhost/?a=1&b=2"], b""))
        self.assertEqual(split(r"printf 'a\nä' | curl --data-binary @- localhost"),
                         (["curl", "--data-binary", "@-", "localhost"], "a\nä".encode()))
        self.assertEqual(split(r"printf 'a\x00' | nc -N localhost 10000"),
                         (["nc", "-N", "localhost", "10000"], b"a\0"))
        self.assertEqual(split("nc -w 1 127.0.0.1 10000"), (["nc", "-w", "1", "127.0.0.1", "10000"], b""))

    def test_are_nothing_else(self):
        for command in ("", "rm -r /", "curl a | head", "curl a > b", "curl a; rm b", "curl a&b", "curl 'a", "printf a",
                        "printf %s | curl a", "printf a | rm b", "nc localhost 10000",
                        "nc -w localhost 10000", "nc -N -w 1 localhost 10000"):
            with self.assertRaises((Failure, ValueError), msg=command):
                split(command)


class FreePorts(unittest.TestCase):
    def test_take_the_place_of_those_written(self):
        with Ports("port_value: 10000 {port_value: 10001} x: localhost:10000 port_value: 9901") as ports:
            one, two = ports.free["10000"], ports.free["10001"]
            self.assertNotEqual(one, two)
            self.assertEqual(ports.replace("localhost:10000/10000 127.0.0.1:10001 nc localhost 10000", "it"),
                             f"localhost:{one}/10000 127.0.0.1:{two} nc localhost {one}")
            with self.assertRaisesRegex(Failure, "README.md names port 10002"):
                ports.replace("localhost:10002", "README.md")


class Running(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.envoy = self.folder / "envoy"
        self.envoy.write_text(STAND_IN.format(python=sys.executable))
        self.envoy.chmod(0o755)
        (self.folder / "one").mkdir()

    def command(self, readme, configuration=CONFIGURATION):
        (self.folder / "one/README.md").write_text(readme)
        (self.folder / "one/envoy.yaml").write_text(configuration)
        return [sys.executable, "-B", Path(__file__).with_name("run_example.py"), "--example", self.folder / "one",
                "--module", self.folder / "one.wasm", "--envoy", self.envoy]

    def run_example(self, *arguments):
        return subprocess.run([*self.command(*arguments), "--log-limit", "1"], capture_output=True, text=True,
                              timeout=60, check=False)

    def test_succeeds_when_all_is_as_written(self):
        commands = "$ curl localhost:10000/a\nhello /a\n\n$ curl -i localhost:9901/b\nHTTP...\n..."
        ran = self.run_example(console(commands) + console("arguments...'--concurrency', '3'\nfor /a", "envoy-log"))
        self.assertEqual((ran.returncode, ran.stdout), (0, "2 commands, all as the README says\n"), ran.stderr)

    def test_fails_and_shows_what_differs(self):
        ran = self.run_example(console("$ curl localhost:10000/a\nhello /b\n$ curl localhost:10000/c\nhello /c"))
        self.assertEqual(ran.returncode, 1)
        self.assertRegex(ran.stdout, r"README.md:2: curl localhost:\d+/a\n.*\n    - hello /b\n    \+ hello /a\n$")
        self.assertIn("1 of 2 steps", ran.stderr)

    def test_speaks_plain_tcp(self):
        request = "GET /a HTTP/1.1\\r\\n\\r\\n"
        for option in ("-N", "-w 1"):
            readme = console(f"$ printf '{request}' | nc {option} localhost 10000\nHTTP/1.0 200 OK\n...\nhello /a")
            ran = self.run_example(readme)
            self.assertEqual(ran.returncode, 0, ran.stdout)

    def test_fails_when_the_command_cannot_connect(self):
        ran = self.run_example(console("$ curl localhost:10001"), CONFIGURATION + "port_value: 10001")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("+ curl: (7)", ran.stdout)

    def test_fails_when_a_command_cannot_be_run_whatever_it_should_print(self):
        ran = self.run_example(console("$ curl localhost:10000 | head\n..."))
        self.assertEqual(ran.returncode, 1)
        self.assertIn("no shell runs it", ran.stdout)

    def test_fails_when_a_line_of_the_log_does_not_come_again(self):
        log = console("asked for /a", "envoy-log")
        ran = self.run_example(console("$ curl localhost:10000/a\nhello /a") + log + log)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("README.md:8: envoy-log", ran.stdout)

    def test_fails_with_envoys_words_when_it_does_not_start(self):
        ran = self.run_example(console("$ curl localhost:10000"), CONFIGURATION + "refuse this")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("Envoy ended with status 1:\n    | refused: this", ran.stderr)

    def test_fails_when_the_module_would_not_be_tested(self):
        ran = self.run_example(console("$ curl localhost:10000"), "port_value: 10000")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("does not load build/wasm/examples/one/one.wasm", ran.stderr)

    def test_ends_envoy_when_it_is_ended_itself(self):
        readme = console("$ curl localhost:10000/pid\nwhich is shown") + console("never", "envoy-log")
        for number, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with subprocess.Popen(self.command(readme), stdout=subprocess.PIPE, text=True) as running:
                pid = int([running.stdout.readline() for _ in range(4)][-1].split()[1])
                os.kill(pid, 0)
                running.send_signal(number)
                self.assertEqual(running.wait(30), status)
            with self.assertRaises(ProcessLookupError):
                os.kill(pid, 0)


if __name__ == "__main__":
    unittest.main()
