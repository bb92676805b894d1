#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients that leave at any point, and a service that answers at any time, against one worker of a real Envoy with
tests/sdk/foreign_answer.cpp: each answer must carry its own client's marker, and no call-out's answer may be handled on
another stream.

    soak.py [--seconds N] [--envoy PATH] MODULE
"""

import argparse
import http.server
import random
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples"))
from run_example import Envoy, Failure, Ports, find_envoy  # noqa: E402

CLIENTS = 12
CONFIGURATION = """
static_resources:
  listeners:
  - address: { socket_address: { address: 127.0.0.1, port_value: 10000 } }
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: main
          route_config:
            virtual_hosts:
            - { name: all, domains: ["*"], routes: [{ match: { prefix: / }, direct_response: { status: 200 } }] }
          http_filters:
          - name: foreign_answer
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
              config: { vm_config: { runtime: envoy.wasm.runtime.v8, code: { local: { filename: "MODULE" } } } }
          - name: router
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
  clusters:
  - name: auth
    load_assignment:
      cluster_name: auth
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: SERVICE } } } }] }]
admin: { address: { socket_address: { address: 127.0.0.1, port_value: 9901 } } }
"""


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(random.random() * 0.04)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Client(threading.Thread):
    """Asks, leaves, or keeps the worker busy, until it is told to end."""

    def __init__(self, number, port, end):
        super().__init__()
        self.number, self.port, self.end = number, port, end
        self.chance = random.Random(number)
        self.answered, self.left, self.wrong = 0, 0, []

    def run(self):
        count = 0
        while time.monotonic() < self.end:
            count += 1
            marker = f"client-{self.number}-request-{count}-which-is-long-enough-for-the-heap"
            path = "/spin" if self.chance.random() < 0.1 else "/"
            leaves = path == "/" and self.chance.random() < 0.5
            try:
                with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
                    connection.sendall(f"GET {path} HTTP/1.1\r\nhost: soak\r\nx-marker: {marker}\r\n"
                                       "connection: close\r\n\r\n".encode())
                    if leaves:
                        time.sleep(self.chance.random() * 0.05)
                        self.left += 1
                        continue
                    answer = b""
                    while piece := connection.recv(4096):
                        answer += piece
            except OSError as error:
                self.wrong.append(f"{marker}: {error}")
                continue
            self.answered += 1
            if f"x-marker: {marker}\r\n".encode() not in answer:
                self.wrong.append(f"{marker}: was answered {answer[:300]!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--envoy")
    parser.add_argument("module")
    options = parser.parse_args()
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="wasmup-soak-") as folder, Ports(CONFIGURATION) as ports:
        text = ports.replace(CONFIGURATION, "the configuration")
        text = text.replace("SERVICE", str(service.server_port)).replace("MODULE", options.module)
        with Envoy(options.envoy or find_envoy(), text, "1", Path(folder)) as envoy:
            envoy.wait_until_ready()
            end = time.monotonic() + options.seconds
            clients = [Client(number, int(ports.free["10000"]), end) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            status = envoy.process.poll()
        log = list(envoy.log)
    service.shutdown()
    wrong = [line for client in clients for line in client.wrong]
    wrong += [line for line in log if "FOREIGN" in line or "Function: " in line or "in-VM backtrace" in line]
    if status is not None:
        wrong.append(f"Envoy ended with status {status}")
    answered, left = (sum(getattr(client, what) for client in clients) for what in ("answered", "left"))
    if answered < 20 or left < 20:
        wrong.append("too little came of it to show anything")
    print(f"{answered} clients were answered, {left} left before")
    if wrong:
        print(f"{len(wrong)} things went wrong, such as:", *wrong[:10], sep="\n  ", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(str(failure))
