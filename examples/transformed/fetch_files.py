"""Fetch files from a web server, some at a time, and check their digests.

    lwtsyntax run examples/fetch_files.py [FILES [AT_ONCE]]

The server runs in the same program; it lists one file that it does not have and damages another.
"""

import asyncio
import hashlib
import sys

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

    def serve(self, reader, writer):
        try:
            self.busy += 1
            self.most = max(self.most, self.busy)

            def body_2():
                def with_value(value):
                    method, name, version = value[0].split()

                    def after_sleep(_):
                        status, body = self.answer(name)
                        head = (
                            f"HTTP/1.0 {status}\r\nContent-Length: {len(body)}\r\n\r\n"
                        )
                        writer.write(head.encode() + body)
                        return Lwt.promise(writer.drain())

                    # as if the disk were slow
                    return Lwt.bind(Lwt.sleep(0.001), after_sleep)

                return Lwt.bind(read_head(reader), with_value)

            def cleanup():
                self.busy -= 1
                writer.close()

            return Lwt.returning(Lwt.finalize(body_2, cleanup))
        except BaseException as error:
            return Lwt.failed(error)


# -- the client --------------------------------------------------------------------------------


def read_head(reader):
    """The lines of a request or an answer up to the empty one."""
    line: Lwt.Any
    try:
        lines = []

        def condition():
            def with_value(value):
                nonlocal line
                line = value.strip()
                return line

            return Lwt.map(reader.readline(), with_value)

        def body():
            lines.append(line.decode())

        return Lwt.map(Lwt.while_(condition, body), lambda _: lines)
    except BaseException as error:
        return Lwt.failed(error)


def fetch(port, name):
    try:

        def with_value(value):
            reader, writer = value

            def body():
                writer.write(f"GET {name} HTTP/1.0\r\n\r\n".encode())

                def with_value_2(value_2):
                    status, *headers = value_2
                    if status.split()[1] == "404":
                        raise NotFound(name)
                    fields = dict(header.split(": ") for header in headers)
                    return Lwt.map(
                        reader.readexactly(int(fields["Content-Length"])), Lwt.Returned
                    )

                return Lwt.bind(read_head(reader), with_value_2)

            def cleanup():
                writer.close()

            return Lwt.returning(Lwt.finalize(body, cleanup))

        return Lwt.bind(asyncio.open_connection("127.0.0.1", port), with_value)
    except BaseException as error:
        return Lwt.failed(error)


def check(port, entries, verdicts):
    """Fetch what is left of *entries*, which several threads take from."""
    try:

        def each(item):
            digest, name = item

            def on_value(value):
                match value:
                    case body if hashlib.sha256(body).hexdigest() == digest:
                        verdicts[name] = "good"
                    case _:
                        verdicts[name] = "damaged"
                return Lwt.unit

            def on_error(error):
                match error:
                    case NotFound():
                        verdicts[name] = "missing"
                    case _:
                        raise
                return Lwt.unit

            return Lwt.try_bind(lambda: fetch(port, name), on_value, on_error)

        return Lwt.for_each(entries, each)
    except BaseException as error_2:
        return Lwt.failed(error_2)


def main(files=40, at_once=8):
    try:
        server = Server(files)

        def with_listener(listener):
            verdicts = {}

            def body(_):
                port = listener.sockets[0].getsockname()[1]

                def with_value(value):
                    index = value.decode()
                    entries = iter([line.split() for line in index.splitlines()])
                    return Lwt.promise(
                        Lwt.join(check(port, entries, verdicts) for _ in range(at_once))
                    )

                return Lwt.bind(fetch(port, "/index"), with_value)

            def after_with(_):
                for verdict in "good", "damaged", "missing":
                    names = [name for name in verdicts if verdicts[name] == verdict]
                    print(
                        f"{verdict}: {', '.join(names) if len(names) < 4 else len(names)}"
                    )
                print(f"at most {server.most} at once")

            return Lwt.map(Lwt.using_lwt(listener, body), after_with)

        return Lwt.bind(
            asyncio.start_server(server.serve, "127.0.0.1", 0), with_listener
        )
    except BaseException as error:
        return Lwt.failed(error)


if __name__ == "__main__":
    Lwt.run(main(*map(int, sys.argv[1:])))
