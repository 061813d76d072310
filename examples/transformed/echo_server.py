"""An echo server and its clients, in direct style over asyncio's streams.

    lwtsyntax run examples/echo_server.py [CONNECTIONS [LINES]]

When the server holds all connections, every client sends its lines one by one, and checks that each
comes back before it sends the next.
"""

import asyncio
import sys

from lwtsyntax import runtime as Lwt


class Gate:
    """Opens when so many threads have come to it."""

    def __init__(self, missing):
        self.missing = missing
        self.opened, self.opener = Lwt.wait()

    def arrive(self):
        self.missing -= 1
        if not self.missing:
            Lwt.wakeup(self.opener, None)


class Server:
    """Sends every line back; counts what it sees."""

    def __init__(self, connections):
        self.open = self.most = self.lines = 0
        self.all_here = Gate(connections)
        self.all_gone = Gate(connections)

    def serve(self, reader, writer):
        try:
            self.open += 1
            self.most = max(self.most, self.open)
            self.all_here.arrive()

            def body():
                line: Lwt.Any

                def condition():
                    def with_line(value):
                        nonlocal line
                        line = value
                        return line

                    return Lwt.map(reader.readline(), with_line)

                def body_2():
                    self.lines += 1
                    writer.write(line)
                    return Lwt.promise(writer.drain())

                return Lwt.while_(condition, body_2)

            def cleanup():
                writer.close()
                self.open -= 1
                self.all_gone.arrive()

            return Lwt.finalize(body, cleanup)
        except BaseException as error:
            return Lwt.failed(error)


def client(stream, number, lines):
    """How many lines came back."""
    try:
        reader, writer = stream
        echoed = 0

        def each(i):
            line = f"client {number}, line {i}\n".encode()
            writer.write(line)

            def after_drain(_):
                def with_value(value):
                    nonlocal echoed
                    if value == line:
                        echoed += 1

                return Lwt.map(reader.readline(), with_value)

            return Lwt.bind(writer.drain(), after_drain)

        def after_loop(_):
            writer.close()
            return Lwt.map(writer.wait_closed(), lambda _: echoed)

        return Lwt.bind(Lwt.for_each(range(lines), each), after_loop)
    except BaseException as error:
        return Lwt.failed(error)


def main(connections=1000, lines=100):
    try:
        raise_limit_of_open_files(2 * connections + 100)
        server = Server(connections)

        def with_listener(listener):
            port = listener.sockets[0].getsockname()[1]

            # one after the other, so that no listen queue is too short
            streams = []

            def each(_):
                def with_stream(stream):
                    streams.append(stream)

                return Lwt.map(asyncio.open_connection("127.0.0.1", port), with_stream)

            def after_loop(_):
                def after_opened(_):
                    clients = [
                        client(stream, i, lines) for i, stream in enumerate(streams)
                    ]

                    def with_value(value):
                        echoed = sum(value)

                        def after_opened_2(_):
                            listener.close()

                            def after_wait_closed(_):
                                lost = connections * lines - echoed
                                print(
                                    f"{server.most} connections at once, {server.lines} lines sent back"
                                )
                                print("none lost" if not lost else f"{lost} LOST")
                                return lost

                            return Lwt.map(listener.wait_closed(), after_wait_closed)

                        return Lwt.bind(server.all_gone.opened, after_opened_2)

                    return Lwt.bind(Lwt.all(clients), with_value)

                return Lwt.bind(server.all_here.opened, after_opened)

            return Lwt.bind(Lwt.for_each(range(connections), each), after_loop)

        return Lwt.bind(
            asyncio.start_server(server.serve, "127.0.0.1", 0), with_listener
        )
    except BaseException as error:
        return Lwt.failed(error)


def raise_limit_of_open_files(wanted):
    """Both ends of each connection are in this process: as many sockets, as far as is allowed."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


if __name__ == "__main__":
    sys.exit(Lwt.run(main(*map(int, sys.argv[1:]))))
