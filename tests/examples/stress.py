#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every example at once, each in an Envoy of its own, under thousands of interleaved streams: none may trap, lose its
VM, or grow.

    stress.py [--requests N] [--envoy PATH] NAME=MODULE...

What is sent is what the READMEs' commands send, in random order (of a fixed seed), over kept-alive connections; one in
twenty gives up as soon as it has asked, so that streams die with call-outs under way. Memory is what Envoy holds for
itself (RssAnon). The first two rounds fill what is filled once; what the third adds is the growth.
"""

import argparse
import contextlib
import http.client
import random
import re
import shlex
import socket
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

from readme import Failure, parse
from run_example import ADMIN_PORT, ROOT, Envoy, Ports, find_envoy, split, talk

THREADS = 8
MOST_GROWTH = 768 * 1024  # bytes a round
ANSWER_LIMIT = 20  # seconds


class Request:
    """What a README's curl command asks for, as far as it is plain HTTP/1.1."""

    def __init__(self, words):
        self.method, self.headers, self.body, urls = None, {}, None, []
        flags = iter(words[1:])
        for flag in flags:
            if flag in ("-H", "--header"):
                name, _, value = next(flags).partition(":")
                self.headers[name] = value.strip()
            elif flag in ("-b", "--cookie"):
                self.headers["cookie"] = next(flags)
            elif flag in ("-d", "--data", "--data-raw", "--data-binary"):
                self.body = next(flags)
                self.headers.setdefault("content-type", "application/x-www-form-urlencoded")
            elif flag in ("-X", "--request"):
                self.method = next(flags)
            elif flag in ("-w", "-o", "--write-out", "--output", "-c", "--cookie-jar", "--max-time", "-m", "-u", "-A"):
                next(flags)
            elif not flag.startswith("-"):
                urls.append(re.sub(r"\[(\w)-\w\]", r"\1", flag))  # curl's globbing: the first of them
        url = urlsplit(urls[0] if "://" in urls[0] else "http://" + urls[0])
        self.method = self.method or ("POST" if self.body is not None else "HEAD" if "-I" in words else "GET")
        self.port, self.path = url.port, (url.path or "/") + ("?" + url.query if url.query else "")

    def send(self, connections, gives_up):
        connection = connections.pop(self.port, None) or http.client.HTTPConnection("127.0.0.1", self.port, ANSWER_LIMIT)
        connection.request(self.method, self.path, self.body, self.headers)
        if gives_up:
            connection.close()
            return
        try:
            answer = connection.getresponse()
            answer.read()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            return  # a filter may cut a stream off; that no VM has died is checked at the end
        if answer.will_close:
            connection.close()
        else:
            connections[self.port] = connection


class Talk:
    """What a README's nc command says."""

    def __init__(self, command):
        self.command = command

    def send(self, _, gives_up):
        words, text = split(self.command)
        if gives_up:
            with socket.create_connection((words[-2], int(words[-1])), ANSWER_LIMIT) as connection:
                connection.sendall(text)
        else:
            # Not for a second of silence: half a line is enough to know that it is alive.
            with contextlib.suppress(ConnectionError, socket.timeout):
                talk(["nc", "-w", "0.2", *words[-2:]], text)


def requests_of(readme):
    return [Talk(step.command) if re.search(r"\bnc -[Nw]", step.command) else Request(shlex.split(step.command))
            for step in parse(readme) if step.command]


def memory_of(pid):
    """Bytes of RssAnon."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^RssAnon:\s*(\d+) kB$", status, re.MULTILINE)[1]) * 1024


def run_round(jobs, seed):
    """Sends all the jobs; returns what went wrong."""
    chance = random.Random(seed)
    chance.shuffle(jobs)
    shares = [[(job, chance.random() < 0.05) for job in jobs[n::THREADS]] for n in range(THREADS)]
    wrong = []

    def work(share):
        connections = {}
        for (name, request), gives_up in share:
            try:
                request.send(connections, gives_up)
            except (OSError, http.client.HTTPException) as error:
                wrong.append(f"{name}: {type(error).__name__}: {error}")
        for connection in connections.values():
            connection.close()

    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=1500, help="a round and example (default: 1500)")
    parser.add_argument("--envoy")
    parser.add_argument("modules", nargs="+", metavar="NAME=MODULE")
    options = parser.parse_args()
    program = options.envoy or find_envoy()
    with contextlib.ExitStack() as stack:
        running, jobs = {}, []
        for name, module in (module.split("=", 1) for module in options.modules):
            example = ROOT / "examples" / name
            configuration = (example / "envoy.yaml").read_text()
            ports = stack.enter_context(Ports(configuration))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wasmup-stress-")))
            text = ports.replace(configuration, "envoy.yaml")
            text = text.replace(f"build/wasm/examples/{name}/{name}.wasm", module)
            running[name] = stack.enter_context(Envoy(program, text, "2", folder))
            ports.free[ADMIN_PORT] = running[name].wait_until_ready()
            wanted = requests_of(ports.replace((example / "README.md").read_text(), "README.md"))
            slow = any(isinstance(request, Talk) for request in wanted)
            count = options.requests // 10 if slow else options.requests
            jobs += [(name, wanted[n % len(wanted)]) for n in range(count)]

        wrong, memory = [], {name: [] for name in running}
        for seed in range(3):
            wrong += run_round(jobs, seed)
            for name, envoy in running.items():
                memory[name].append(memory_of(envoy.process.pid))
        for name, envoy in running.items():
            grown = memory[name][2] - memory[name][1]
            print(f"{name:20} {memory[name][2] // 1024:8} KiB, grown by {grown // 1024:6} KiB in the last round")
            if grown > MOST_GROWTH:
                wrong.append(f"{name}: its memory grows by {grown // 1024} KiB in {options.requests} requests")
            wrong += [f"{name}: {line}" for line in envoy.log if "Function: " in line or "in-VM backtrace" in line]
            if envoy.process.poll() is not None:
                wrong.append(f"{name}: Envoy ended with status {envoy.process.returncode}")
    print(f"{3 * len(jobs)} streams over {len(running)} examples")
    if wrong:
        print(f"{len(wrong)} things went wrong, such as:", *wrong[:20], sep="\n  ", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(str(failure))
