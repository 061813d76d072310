"""How long an editor waits for the language server, over stdio, in milliseconds.

    python benchmarks/language_server.py [--lines 5000] [--marked 4] [--rounds 30] [--keywords]

The file is generated: functions and methods of some 20 lines, every fourth of which (``--marked``) waits.  A round asks
each question once, of a text that has been read; then it edits the text and asks again, so that the server must
read it first.  The times are those of the client: from the request, or the edit, to the answer, pipes and JSON included;
the debounce is 0.  Where the system counts it (Linux), the processor's time is the server's, threads and all: it says
less of other programs than the clock does.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from lwtsyntax.spellings import to_keywords  # noqa: E402

URIS = {"python": "file:///tmp/benchmark.py", "lwt": "file:///tmp/benchmark.lwt"}

PLAIN = '''\
def report_{n}(rows, width={n}):
    """The rows as text, each in a line of its own; what is too long is cut."""
    lines = []
    for number, row in enumerate(rows):
        cells = [str(cell).rjust(width) for cell in row if cell is not None]
        if len(cells) > {n}:
            cells = cells[:{n}] + ["..."]
        elif not cells:
            continue
        total = sum(len(cell) for cell in cells) + len(cells) - 1
        try:
            line = " | ".join(cells)
            lines.append(f"{{number:4}} {{line:<{{total}}}}")
        except (KeyError, ValueError) as error:
            # not worth more than a word
            print("no line", number, error, file=stderr)
    return "\\n".join(lines)


'''
MARKED = '''\
@lwt
def total_{n}(fetch, names, limit={n}):
    """The prices of all *names* together, up to the first that is too dear."""
    amount = 0
    seen = {{}}
    for name in for_lwt(names):
        if name in seen:
            continue
        try:
            price = lwt(fetch(name))
        except KeyError as error:
            print("no", name, error)
            continue
        if price > limit:
            break
        seen[name] = price
        amount += price * lwt(fetch("rate")) + {n}
    rest = [lwt(fetch(name)) for name in names if name not in seen]
    return amount + sum(rest)


'''
HEAD = "from sys import stderr\n\nfrom lwtsyntax import for_lwt, lwt\n\n\n"


def program(lines: int, every: int) -> str:
    """A text of that many lines."""
    parts = [HEAD]
    number = count = 0
    while count < lines:
        part = (PLAIN if number % every else MARKED).format(n=number)
        parts.append(part)
        count += part.count("\n")
        number += 1
    return "".join(parts)


def places(lines: list[str]) -> tuple[dict[str, int], int]:
    """The position of a wait in the middle, and the line that is edited, some lines below."""
    middle = len(lines) // 2
    wait = next(n for n in range(middle, 0, -1) if "price" in lines[n] and "lwt" in lines[n])
    edited = next(n for n in range(wait, len(lines)) if "price > limit" in lines[n])
    return {"line": wait, "character": lines[wait].index("lwt") + 1}, edited


class Server:
    """The other end of two pipes."""

    def __init__(self, language: str) -> None:
        self.language, self.uri = language, URIS[language]
        path = os.pathsep.join([str(ROOT), str(ROOT / "cli"), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lwtsyntax", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.number = 0
        self.version = 0
        self.published: dict[str, Any] = {}

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline()).strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.published = message["params"]
        return message

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while (message := self.receive()).get("id") != self.number:
            pass
        assert "error" not in message, message
        return message["result"]

    def tell(self, method: str, **params: Any) -> None:
        self.send({"method": method, "params": params})

    def edit(self, text: str) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def diagnostics(self) -> list[Any]:
        """Those of the text that was sent last."""
        while self.published.get("version") != self.version:
            self.receive()
        found: list[Any] = self.published["diagnostics"]
        return found


class Clock:
    """Collects times by what they are of: the client's, and the processor's in the server."""

    def __init__(self, process: int) -> None:
        self.tasks = Path(f"/proc/{process}/task")
        self.times: dict[str, list[float]] = defaultdict(list)
        self.busy: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        used, start = self._used(), time.perf_counter()
        yield
        self.times[name].append((time.perf_counter() - start) * 1e3)
        self.busy[name].append((self._used() - used) / 1e6)

    def _used(self) -> int:
        """Nanoseconds that the server's threads have run so far."""
        if not self.tasks.exists():
            return 0
        return sum(
            int((task / "schedstat").read_text().split()[0]) for task in self.tasks.iterdir()
        )

    def show(self) -> None:
        print(f"{'':40}   median     least      processor")
        for name, times in self.times.items():
            busy = statistics.median(self.busy[name])
            print(f"{name:40} {statistics.median(times):8.1f}  {min(times):8.1f}       {busy:8.1f}")


def questions(uri: str, position: dict[str, int]) -> dict[str, tuple[str, dict[str, Any]]]:
    document = {"uri": uri}
    return {
        "hover": ("textDocument/hover", {"textDocument": document, "position": position}),
        "expansion of the function": (
            "lwtsyntax/expansion",
            {"textDocument": document, "position": position, "scope": "function"},
        ),
        "semantic tokens": ("textDocument/semanticTokens/full", {"textDocument": document}),
        "folding": ("textDocument/foldingRange", {"textDocument": document}),
        "code actions": (
            "textDocument/codeAction",
            {
                "textDocument": document,
                "range": {"start": position, "end": position},
                "context": {"diagnostics": []},
            },
        ),
    }


def measure(server: Server, text: str, rounds: int) -> Clock:
    clock = Clock(server.process.pid)
    options = {"debounce": 0}
    server.ask(
        "initialize",
        capabilities={},
        processId=None,
        rootUri=None,
        initializationOptions=options,
    )
    item = {"uri": server.uri, "languageId": server.language, "version": 0, "text": text}
    with clock.time("first parse"):
        server.tell("textDocument/didOpen", textDocument=item)
        assert server.diagnostics() == []
    lines = text.split("\n")
    position, edited = places(lines)
    asked = questions(server.uri, position)
    for number in range(rounds):
        lines[edited] = f"        if price > limit + {number}:"
        with clock.time("diagnostics after an edit"):
            server.edit("\n".join(lines))
            assert server.diagnostics() == []
        for name, (method, params) in asked.items():
            with clock.time(name):
                assert server.ask(method, **params) is not None
        for name, (method, params) in asked.items():
            lines[edited] = f"        if price > limit - {number} - {len(name)}:"
            with clock.time(f"{name} after an edit"):
                server.edit("\n".join(lines))
                assert server.ask(method, **params) is not None
            server.diagnostics()
        others(server, clock, lines, edited)
    server.ask("shutdown")
    server.tell("exit")
    server.process.wait()
    return clock


def others(server: Server, clock: Clock, lines: list[str], edited: int) -> None:
    """Edits that leave more to read: lines that move others, and lines that are no Python."""
    text = "\n".join(lines)
    for name, number in (("in the middle", edited), ("at the top", 1)):
        with clock.time(f"diagnostics after a new line {name}"):
            server.edit("\n".join([*lines[:number], "", *lines[number:]]))
            assert server.diagnostics() == []
        server.edit(text)
        server.diagnostics()
    for name, line in (("an unfinished line", "if price >"), ("an open bracket", "if price > (")):
        with clock.time(f"diagnostics after {name}"):
            server.edit("\n".join([*lines[:edited], f"        {line}", *lines[edited + 1 :]]))
            assert server.diagnostics() != []
        server.edit(text)
        server.diagnostics()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--marked", type=int, default=4, help="every n-th function waits")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--keywords", action="store_true", help="a file in keyword spelling")
    options = parser.parse_args()
    text = program(options.lines, options.marked)
    waiting = text.count("@lwt\n")
    print(
        f"Python {sys.version.split()[0]}, {len(text.splitlines()):,} lines, {waiting} thread functions"
    )
    clock = Clock(os.getpid())
    for _ in range(options.rounds):
        with clock.time("for comparison: ast.parse"):
            ast.parse(text)
    clock.show()
    if options.keywords:
        text = to_keywords(text).text or ""
    language = "lwt" if options.keywords else "python"
    measure(Server(language), text, options.rounds).show()


if __name__ == "__main__":
    main()
