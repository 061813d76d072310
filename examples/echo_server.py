"""An echo server and its clients, in direct style over asyncio's streams.

    lwtsyntax run examples/echo_server.py [CONNECTIONS [LINES]]

When the server holds all connections, every client sends its lines one by one, and checks that each
comes back before it sends the next.
"""

import asyncio
import sys

from lwtsyntax import lwt
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

    @lwt
    def serve(self, reader, writer):
        self.open += 1
        self.most = max(self.most, self.open)
        self.all_here.arrive()
        try:
            while line := lwt(reader.readline()):
                self.lines += 1
                writer.write(line)
                lwt(writer.drain())
        finally:
            writer.close()
            self.open -= 1
            self.all_gone.arrive()


@lwt
def client(stream, number, lines):
    """How many lines came back."""
    reader, writer = stream
    echoed = 0
    for i in range(lines):
        line = f"client {number}, line {i}\n".encode()
        writer.write(line)
        lwt(writer.drain())
        if lwt(reader.readline()) == line:
            echoed += 1
    writer.close()
    lwt(writer.wait_closed())
    return echoed


@lwt
def main(connections=1000, lines=100):
    raise_limit_of_open_files(2 * connections + 100)
    server = Server(connections)
    listener = lwt(asyncio.start_server(server.serve, "127.0.0.1", 0))
    port = listener.sockets[0].getsockname()[1]

    # one after the other, so that no listen queue is too short
    streams = []
    for _ in range(connections):
        stream = lwt(asyncio.open_connection("127.0.0.1", port))
        streams.append(stream)
    lwt(server.all_here.opened)

    clients = [client(stream, i, lines) for i, stream in enumerate(streams)]
    echoed = sum(lwt(Lwt.all(clients)))
    lwt(server.all_gone.opened)
    listener.close()
    lwt(listener.wait_closed())

    lost = connections * lines - echoed
    print(f"{server.most} connections at once, {server.lines} lines sent back")
    print("none lost" if not lost else f"{lost} LOST")
    return lost


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
