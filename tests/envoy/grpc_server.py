#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A gRPC service for the tests in Envoy, on a free port of loopback that it prints first.

It speaks HTTP/1.1 with chunks and trailers, in both directions at once; an Envoy before it makes HTTP/2 of that. Each
message is a command; after the last one it ends the stream well.

    say TEXT            a message back
    repeat N TEXT       N messages back, at once
    metadata            a message back: the metadata that came, a name and value a line
    begin               initial metadata, and nothing more
    wait                nothing at all
    end STATUS TEXT     the end, with this status and grpc-message
    cut                 the connection breaks off"""

import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gone(Exception):
    """The client is."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0

    def do_POST(self):
        try:
            self.serve()
        except (Gone, ConnectionError):
            self.close_connection = True

    def serve(self):
        self.has_begun = False
        for command in self.messages():
            if self.obey(*(command.split(" ", 1) + [""])[:2]):
                return
        self.end(0, "")

    def obey(self, verb, rest):
        """One command; true when it was the last."""
        if verb == "end":
            status, _, message = rest.partition(" ")
            self.end(int(status), message)
            self.close_connection = True  # the client may have more to say
            return True
        if verb == "cut":
            raise Gone
        if verb == "wait" or verb == "begin":
            if verb == "begin":
                self.begin()
            while self.rfile.read(1):  # until the client gives up
                pass
            raise Gone
        if verb == "repeat":
            count, _, text = rest.partition(" ")
            self.send(*[text] * int(count))
        elif verb == "metadata":
            self.send("".join(f"{name}: {value}\n" for name, value in self.headers.items()))
        else:
            self.send(rest)
        return False

    def messages(self):
        """Those of the request, as they come."""
        data = b""
        while True:
            line = self.rfile.readline()
            if not line:
                raise Gone
            size = int(line.split(b";")[0], 16)
            if size == 0:
                while self.rfile.readline().strip():
                    pass
                return
            data += self.rfile.read(size + 2)[:size]
            while len(data) >= 5 and len(data) >= 5 + struct.unpack(">xI", data[:5])[0]:
                end = 5 + struct.unpack(">xI", data[:5])[0]
                yield data[5:end].decode()
                data = data[end:]

    def begin(self):
        """As gRPC servers do, not before there is something to say."""
        if self.has_begun:
            return
        self.has_begun = True
        self.send_response(200)
        self.send_header("content-type", "application/grpc")
        self.send_header("x-initial", "first")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def send(self, *messages):
        """All of them in one chunk."""
        self.begin()
        chunk = b"".join(struct.pack(">BI", 0, len(message)) + message.encode() for message in messages)
        self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))

    def end(self, status, message):
        self.begin()
        self.wfile.write(f"0\r\ngrpc-status: {status}\r\ngrpc-message: {message}\r\nx-trailing: last\r\n\r\n".encode())

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
