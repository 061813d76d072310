"""The load on an echo server: ``python -m benchmarks.peers.load CONNECTIONS ROUNDS``.

Reads the server's port from its input.  Each round sends a message on every connection, then takes all answers.
"""

from __future__ import annotations

import socket
import sys

__all__ = ["MESSAGE", "main"]

MESSAGE = 64  # bytes


def main(connections: int, rounds: int) -> None:
    print("ready", flush=True)
    address = ("127.0.0.1", int(sys.stdin.readline()))
    clients = [socket.create_connection(address, timeout=30) for _ in range(connections)]
    for number in range(rounds):
        message = str(number).zfill(MESSAGE).encode()
        for client in clients:
            client.sendall(message)
        for client in clients:
            answer = client.recv(MESSAGE, socket.MSG_WAITALL)
            if answer != message:
                raise AssertionError(f"{answer!r} instead of {message!r}")
    for client in clients:
        client.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
