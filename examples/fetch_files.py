"""Fetch files from a web server, some at a time, and check their digests.

    lwtsyntax run examples/fetch_files.py [FILES [AT_ONCE]]

The server runs in the same program; it lists one file that it does not have and damages another.
"""

import asyncio
import hashlib
import sys

from lwtsyntax import exception, for_lwt, lwt, match_lwt, with_lwt
from lwtsyntax import runtime as Lwt


class NotFound(Exception):
    pass


# -- the server --------------------------------------------------------------------------------


class Server:
    """Answers GET over HTTP/1.0 with files made up from their names."""

    def __init__(self, files):
        self.names = [f"/file-{number}" for number in range(files)]
        self.busy = self.most = 0

    def content(self, name):
        if name == "/index":
            return "\n".join(map(self.entry, self.names)).encode()
        return name.encode() * 1000

    def entry(self, name):
        return f"{hashlib.sha256(self.content(name)).hexdigest()} {name}"

    def answer(self, name):
        if name == self.names[-1] or name not in ["/index", *self.names]:
            return "404 Not Found", b""
        body = self.content(name)
        return "200 OK", body.upper() if name == self.names[0] else body

    @lwt
    def serve(self, reader, writer):
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            method, name, version = lwt(read_head(reader))[0].split()
            lwt(Lwt.sleep(0.001))  # as if the disk were slow
            status, body = self.answer(name)
            head = f"HTTP/1.0 {status}\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            lwt(writer.drain())
        finally:
            self.busy -= 1
            writer.close()


# -- the client --------------------------------------------------------------------------------


@lwt
def read_head(reader):
    """The lines of a request or an answer up to the empty one."""
    lines = []
    while line := lwt(reader.readline()).strip():
        lines.append(line.decode())
    return lines


@lwt
def fetch(port, name):
    reader, writer = lwt(asyncio.open_connection("127.0.0.1", port))
    try:
        writer.write(f"GET {name} HTTP/1.0\r\n\r\n".encode())
        status, *headers = lwt(read_head(reader))
        if status.split()[1] == "404":
            raise NotFound(name)
        fields = dict(header.split(": ") for header in headers)
        return lwt(reader.readexactly(int(fields["Content-Length"])))
    finally:
        writer.close()


@lwt
def check(port, entries, verdicts):
    """Fetch what is left of *entries*, which several threads take from."""
    for digest, name in for_lwt(entries):
        match match_lwt(fetch(port, name)):
            case exception(NotFound()):
                verdicts[name] = "missing"
            case body if hashlib.sha256(body).hexdigest() == digest:
                verdicts[name] = "good"
            case _:
                verdicts[name] = "damaged"


@lwt
def main(files=40, at_once=8):
    server = Server(files)
    listener = lwt(asyncio.start_server(server.serve, "127.0.0.1", 0))
    verdicts = {}
    with with_lwt(listener):
        port = listener.sockets[0].getsockname()[1]
        index = lwt(fetch(port, "/index")).decode()
        entries = iter([line.split() for line in index.splitlines()])
        lwt(Lwt.join(check(port, entries, verdicts) for _ in range(at_once)))
    for verdict in "good", "damaged", "missing":
        names = [name for name in verdicts if verdicts[name] == verdict]
        print(f"{verdict}: {', '.join(names) if len(names) < 4 else len(names)}")
    print(f"at most {server.most} at once")


if __name__ == "__main__":
    Lwt.run(main(*map(int, sys.argv[1:])))
