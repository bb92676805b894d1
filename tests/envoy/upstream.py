#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real upstream for the tests in Envoy: HTTP/1.1 with kept-alive connections, on a free port of loopback
that it prints first. It understands the paths of the built-in upstream (/status/NNN, /header/NAME/VALUE,
/bytes/N, in any order and number), and two more: /trailers answers in chunks, with the trailers of a gRPC
call that went well, and /never does not answer. Otherwise the body is the request as it arrived."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.read_body()
        if "/never" in self.path:
            self.rfile.read(1)  # until the client gives up
            return
        status = re.search(r"/status/(\d{3})", self.path)
        status = int(status[1]) if status else 200
        self.send_response(status)
        for name, value in re.findall(r"/header/([\w-]+)/([^/]+)", self.path):
            self.send_header(name, value)
        if "/trailers" in self.path:
            self.answer_with_trailers()
        elif status in (204, 304):
            self.end_headers()
        else:
            self.answer_with_length()

    def read_body(self):
        """Also a chunked one, with its trailers."""
        if self.headers.get("transfer-encoding") != "chunked":
            self.rfile.read(int(self.headers.get("content-length", 0)))
            return
        while size := int(self.rfile.readline().split(b";")[0], 16):
            self.rfile.read(size + 2)
        while self.rfile.readline().strip():
            pass

    def answer_with_length(self):
        count = re.search(r"/bytes/(\d+)", self.path)
        body = b"x" * int(count[1]) if count else self.echo().encode()
        self.send_header("content-type", "text/plain")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer_with_trailers(self):
        self.send_header("content-type", "application/grpc")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("trailer", "grpc-status, grpc-message")
        self.end_headers()
        self.wfile.write(b"5\r\nhello\r\n7\r\n, world\r\n0\r\ngrpc-status: 0\r\ngrpc-message: fine\r\n\r\n")

    def echo(self):
        headers = "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        return f"{self.command} {self.path}\n{headers}"

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
