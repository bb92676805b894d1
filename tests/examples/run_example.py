#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does in a real Envoy what an example's README says, and compares what comes with what it says.

    run_example.py --example examples/NAME --module build/debug/examples/NAME/NAME.wasm [--envoy PATH]

Envoy gets the example's envoy.yaml with free ports and this module in place of those written there. Then, in the order
of the README's fenced blocks:

    ```console      a line "$ COMMAND" is run, and what follows it, up to the next one, is what it must print
    ```envoy-log    each line must come in Envoy's log, in this order, after what an earlier such block has found

A line "..." stands for any number of lines, "..." within a line for any text; a line of the log need be no more than
a part of one. A command is `curl ...` or, for TCP, `nc -N HOST PORT` or `nc -w SECONDS HOST PORT`; either may follow a
`printf TEXT |`. No shell runs it, and it may go on in a further line after a backslash.
"""

import argparse
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from readme import Failure, difference, line_matches, matches, parse

ROOT = Path(__file__).resolve().parents[2]
ADMIN_PORT = "9901"
START_LIMIT, COMMAND_LIMIT = 30, 10  # seconds
PORT = re.compile(r"(\bport_value:\s*|\b(?:localhost|127\.0\.0\.1)[: ])(\d+)\b")


class Ports:
    """A free port for each that a configuration names. Bound here, so that no other process gets them; Envoy, which
    listens with SO_REUSEPORT, does. The admin's is Envoy's own choice. Held until the end of the `with` block."""

    def __init__(self, configuration):
        self.sockets, self.free = [], {ADMIN_PORT: "0"}
        for port in {match[2] for match in PORT.finditer(configuration)} - {ADMIN_PORT}:
            holder = socket.socket()
            self.sockets.append(holder)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            holder.bind(("127.0.0.1", 0))
            self.free[port] = str(holder.getsockname()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for holder in self.sockets:
            holder.close()

    def replace(self, text, where):
        def free(match):
            if match[2] not in self.free:
                raise Failure(f"{where} names port {match[2]}, which envoy.yaml does not")
            return match[1] + self.free[match[2]]

        return PORT.sub(free, text)


class Envoy:
    """A running Envoy and its log. Ends with the `with` block."""

    def __init__(self, program, configuration, workers, folder):
        self.admin_file, self.log, self.more = folder / "admin", [], threading.Condition()
        (folder / "envoy.yaml").write_text(configuration)
        self.process = subprocess.Popen(
            [program, "-c", folder / "envoy.yaml", "--admin-address-path", self.admin_file, "--disable-hot-restart",
             "--concurrency", workers, "--file-flush-interval-msec", "50"],  # an access log that can be waited for
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", start_new_session=True)  # a Ctrl-C is for us, and we end it
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join()

    def read(self):
        with self.process.stdout as lines:
            for line in lines:
                with self.more:
                    self.log.append(line.rstrip())
                    self.more.notify_all()

    def wait_until_ready(self):
        """Returns the admin's port."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            try:
                address = self.admin_file.read_text()
                with urllib.request.urlopen(f"http://{address}/ready", timeout=1):
                    return address.rpartition(":")[2]
            except (OSError, ValueError):  # not yet
                pass
            try:
                status = self.process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            self.reader.join()
            raise Failure(f"Envoy ended with status {status}:\n" + self.last_words())
        raise Failure(f"Envoy was not ready within {START_LIMIT} seconds:\n" + self.last_words())

    def what_differs_in_log(self, step, start, limit):
        """Waits for the step's lines from `start` on; returns what did not come, and how far it has read."""
        for line in step.expected:
            pattern = f"...{line}..."
            after = lambda: next((n + 1 for n in range(start, len(self.log)) if line_matches(pattern, self.log[n])), 0)
            with self.more:
                found = self.more.wait_for(after, limit)
            if not found:
                return f"    {line}\n    did not come within {limit} s; what came:\n{self.last_words(start)}", start
            start = found
        return None, start

    def last_words(self, start=0):
        return "\n".join("    | " + line[:250] for line in self.log[start:][-20:]) or "    | (no line)"


def split(command):
    """The words of a command and what goes to its standard input."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words, text = list(lexer), b""
    if words[:1] == ["printf"] and words[2:3] == ["|"] and "%" not in words[1]:
        text, words = words[1].encode().decode("unicode_escape").encode("latin-1"), words[3:]
    if any(re.fullmatch("[();<>|&]+", word) for word in words):
        raise Failure("no shell runs it: quote what a shell would take for its own")
    if words[:1] == ["curl"] or re.fullmatch(r"nc (-N|-w \d+) [\w.]+ \d+", " ".join(words)):
        return words, text
    raise Failure("a command is 'curl ...' or 'nc -N|-w SECONDS HOST PORT', either after 'printf TEXT |' if need be")


def talk(words, text):
    """As nc does: with -N it ends its side and reads to the end, with -w it reads until nothing comes for so long."""
    *options, host, port = words[1:]
    patience, output = float(options[1]) if options[0] == "-w" else None, b""
    with socket.create_connection((host, int(port)), patience or COMMAND_LIMIT) as connection:
        connection.sendall(text)
        if not patience:
            connection.shutdown(socket.SHUT_WR)
        try:
            while data := connection.recv(65536):
                output += data
        except socket.timeout:
            if not patience:
                raise
    return output


def run(command):
    """The lines that a command prints, as on a terminal: without a progress meter."""
    words, text = split(command)
    if words[0] == "nc":
        output = talk(words, text)
    else:
        words[1:1] = ["-q", "-sS", "--max-time", str(COMMAND_LIMIT)]  # -q: without the user's own settings
        output = subprocess.run(words, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT,
                                env={"PATH": os.environ["PATH"]}, timeout=2 * COMMAND_LIMIT, check=False).stdout
    return [line.rstrip() for line in output.decode(errors="replace").rstrip().splitlines()]


def what_differs_in_output(step):
    try:
        seen = run(step.command)
    except (Failure, OSError, ValueError, subprocess.TimeoutExpired) as error:
        return f"    {error}"
    return None if matches(step.expected, seen) else difference(step.expected, seen)


def check(steps, envoy, log_limit):
    """Takes the steps; says what differs and returns how often."""
    differences, read = 0, 0  # `read`: how far into the log
    for step in steps:
        if step.command:
            wrong = what_differs_in_output(step)
        else:
            wrong, read = envoy.what_differs_in_log(step, read, log_limit)
        if wrong:
            differences += 1
            print(f"README.md:{step.line}: {step.command or 'envoy-log'}\n{wrong}")
    return differences


def find_envoy():
    """As the other tests do: $WASMUP_ENVOY, else what the set-up has put in place, else the one on the PATH."""
    pinned = Path(os.environ.get("WASMUP_ROOT") or ROOT) / ".wasmup/bin/envoy"
    found = os.environ.get("WASMUP_ENVOY") or (str(pinned) if pinned.exists() else shutil.which("envoy"))
    return found or sys.exit("there is no Envoy: run ./wasmup setup, or name one in WASMUP_ENVOY")


def run_example(example, module, program, log_limit):
    configuration = (example / "envoy.yaml").read_text()
    written = f"build/wasm/examples/{example.name}/{example.name}.wasm"
    if written not in configuration:
        raise Failure(f"envoy.yaml does not load {written}")
    first_comment = re.match(r"(#.*\n)*", configuration)[0]
    workers = re.search(r"--concurrency (\d+)", first_comment)
    with Ports(configuration) as ports, tempfile.TemporaryDirectory(prefix="wasmup-example-") as folder:
        configuration = ports.replace(configuration, "envoy.yaml").replace(written, str(module))
        with Envoy(program, configuration, workers[1] if workers else "1", Path(folder)) as envoy:
            ports.free[ADMIN_PORT] = envoy.wait_until_ready()
            steps = parse(ports.replace((example / "README.md").read_text(), "README.md"))
            differences = check(steps, envoy, log_limit)
    if differences:
        raise Failure(f"{differences} of {len(steps)} steps are not as the README says")
    commands = sum(bool(step.command) for step in steps)
    print(f"{commands} command{'s' * (commands != 1)}, all as the README says")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--example", type=Path, required=True, help="its folder")
    parser.add_argument("--module", type=Path, required=True, help="its module, as built")
    parser.add_argument("--envoy", help="default: as the other tests find it")
    parser.add_argument("--log-limit", type=float, default=15, metavar="SECONDS", help="how long a line of the log may "
                        "take to come (default: 15)")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # in order with the last word, on stderr
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an exception, which ends Envoy on its way
    try:
        run_example(options.example.resolve(), options.module.resolve(), options.envoy or find_envoy(),
                    options.log_limit)
    except (Failure, OSError) as failure:
        sys.exit(f"{options.example.name}: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
