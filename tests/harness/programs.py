"""Generated direct-style programs, for the oracle.

Every loop is bounded, functions call earlier ones only, and values are small integers, so each
program ends.  Variables ``a`` to ``d`` are surely bound where they are read; ``u`` may be unbound,
so that reading it may raise.  The simplest alternatives stand first: that is where hypothesis
shrinks to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from harness.program_statements import Statements

__all__ = ["programs"]

PROGRAM_HEAD = """\
import sys
from contextlib import contextmanager

from effects import box, fail, get, log, say, stream
from lwtsyntax import exception, for_lwt, lwt, lwt_stream, match_lwt, while_lwt, with_lwt

G = 1


def plain(*args, **kwargs):
    log("plain", args, kwargs)
    return len(args) + len(kwargs)


class Manager:
    def __init__(self, name):
        self.name = name

    @lwt
    def __aenter__(self):
        return lwt(get(self.name))

    @lwt
    def __aexit__(self, kind, error, traceback):
        log("leave", lwt(get(kind is None)))
        return kind is KeyError


@contextmanager
def managed(name):
    log("enter", name)
    try:
        yield name
    except KeyError:
        log("swallow", name)
    finally:
        log("exit", name)

"""


class _Writer(Statements):
    """Writes one program."""

    COMPOUND = (
        "if_",
        "for_",
        "for_lwt",
        "while_",
        "while_lwt",
        "match",
        "match_lwt",
        "try_",
        "with_",
        "nested_thread",
        "nested_plain",
        "nested_stream",
        "with_lwt",
        "while_true",
        "except_group",
        "if_",
        "for_",
    )

    # -- compound statements --------------------------------------------------------------------

    def if_(self) -> None:
        self.body(f"if {self.expression()}:")
        if self.flag():
            self.body(f"elif {self.expression()}:")
        if self.flag():
            self.body("else:")

    def loop(self, head: str, tail: Callable[[], None] | None = None, first: str = "") -> None:
        self.loops.append(head)
        with self.block(head):
            if first:
                self.line(first)
            for _ in range(self.number(1, 3)):
                self.statement()
            if tail is not None:
                tail()
        self.loops.pop()
        if self.flag():
            self.body("else:")

    def for_(self) -> None:
        target = self.choice([self.variable(), f"o.n, {self.variable()}", "xs[2]"])
        items = self.choice(["range(2)", "[3, 1, 2]", "lwt(get([1, 0]))", "xs[:2]"])
        if "," in target:
            items = f"enumerate({items})"
        self.loop(f"for {target} in {items}:")

    def for_lwt(self) -> None:
        items = self.choice(["range(2)", "[1, 2]", "stream(1, 2)"])
        self.loop(f"for {self.variable()} in for_lwt({items}):", self.tail_call)

    def tail_call(self) -> None:
        """An implicit wait: a bare call that ends the body."""
        call = self.choice([f"log({self.expression()})", self.promise()])
        if self.flag():
            with self.block(f"if {self.expression()}:"):
                self.line(call)
        else:
            self.line(call)

    def while_(self) -> None:
        counter = self.counter()
        self.line(f"{counter} = 0")
        test = self.choice(["", f" and {self.expression()}", f" and not {self.expression()}"])
        self.loop(f"while {counter} < 3{test}:", first=f"{counter} += 1")

    def while_lwt(self) -> None:
        counter = self.counter()
        self.line(f"{counter} = 0")
        test = self.choice([f"{counter} < 2", f"get({counter} < 2)"])
        self.loop(f"while while_lwt({test}):", self.tail_call, f"{counter} += 1")

    def match(self) -> None:
        with self.block(f"match {self.expression()}:"):
            self.cases()

    def cases(self) -> None:
        self.body(self.choice(["case 0:", "case 0 | 1:", f"case {self.variable()} if False:"]))
        if self.flag():
            self.body(f"case {self.variable()} if {self.expression()}:")
        if self.flag():
            self.body(self.choice(["case _:", f"case {self.variable()}:", "case [_] | 5:"]))

    def match_lwt(self) -> None:
        subject = self.choice([self.promise(), "fail(KeyError(1))", "fail(ValueError(2))"])
        with self.block(f"match match_lwt({subject}):"):
            if self.flag():
                self.body("case exception(KeyError()):")
            self.body("case 0:")
            if self.flag():
                self.body("case exception(ValueError() as e) if e.args:")

    def try_(self) -> None:
        self.body("try:")
        handlers = self.choice([["KeyError"], ["KeyError", "ValueError"], []])
        for error in handlers:
            head = self.choice([f"except {error}:", f"except {error} as caught:"])
            self.body(head, self.choice([None, None, self.raise_again, self.say_caught]))
        if handlers and self.flag():
            self.body("else:")
        if not handlers or self.flag():
            self.body("finally:")

    def raise_again(self) -> None:
        with self.block(f"if {self.expression()}:"):
            self.line("raise")

    def say_caught(self) -> None:
        self.line("log(repr(sys.exc_info()[1]))")

    def with_(self) -> None:
        manager = self.choice(["managed(1)", "lwt(get(managed(2)))", "managed(lwt(get(3)))"])
        self.body(f"with {manager} as {self.variable()}:")

    def nested_thread(self) -> None:
        """A thread function in the function, which may assign the variables around it."""
        name = self.fresh("inner")
        loops, self.loops = self.loops, []
        self.line("@lwt")
        with self.block(f"def {name}(p):"):
            if self.flag():
                self.line("nonlocal a, b")
            else:
                self.line("a = b = p")
            self.line("nonlocal c, d, u")
            for _ in range(self.number(1, 2)):
                self.statement()
            self.line(f"return {self.expression()}")
        self.loops = loops
        self.line(f"{self.variable()} = lwt({name}({self.expression()}))")

    def with_lwt(self) -> None:
        self.body(f"with with_lwt(Manager({self.expression()})) as {self.variable()}:")

    def while_true(self) -> None:
        counter = self.counter()
        self.line(f"{counter} = 0")
        self.loops.append("while")
        with self.block("while True:"):
            self.line(f"{counter} += 1")
            with self.block(f"if {counter} > 2 or {self.expression()}:"):
                self.line("break")
            self.statement()
        self.loops.pop()

    def except_group(self) -> None:
        loops, self.loops = self.loops, []  # no break or return out of except*
        with self.block("try:"):
            group = "ExceptionGroup('g', [KeyError(1), ValueError(2)])"
            with self.block(f"if {self.expression()}:"):
                self.line(self.choice([f"raise {group}", f"lwt(fail({group}))"]))
            self.wait()
        for error in self.choice([["KeyError", "ValueError"], ["KeyError"]]):
            with self.block(f"except* {error}:"):  # where a wait is refused
                self.line(f"{self.variable()} = say({self.variable()})")
        self.loops = loops

    def nested_plain(self) -> None:
        """A function that waits for nothing and assigns the variables around it."""
        name = self.fresh("plainly")
        with self.block(f"def {name}(p):"):
            self.line("nonlocal a, b, u")
            self.line(f"{self.choice('ab')} = p + {self.choice('abcd')}")
            self.line("return p")
        self.line(f"{self.variable()} = {name}({self.expression()}) + {self.variable()}")

    def nested_stream(self) -> None:
        name, target = self.fresh("stream"), self.variable()
        self.line("@lwt_stream")
        with self.block(f"def {name}(p):"):
            self.line("nonlocal c, d")
            loops, self.loops = self.loops, []
            with self.block(f"for {self.choice('cd')} in {self.choice(['range(2)', '[2, 1]'])}:"):
                self.line(f"{self.choice('cd')} = lwt({self.choice(['get(p)', 'get(c)'])})")
                self.line(f"yield {self.choice(['p', 'c', 'lwt(get(d))'])}")
            self.loops = loops
        self.loop(f"for {target} in for_lwt({name}({self.expression()})):")

    # -- functions ------------------------------------------------------------------------------

    def function(self, name: str) -> None:
        self.line("@lwt")
        with self.block(f"def {name}(a, b=2):"):
            if self.flag():
                self.line("global G")
            self.line("c, d, xs, fs = 3, a, [1, 2, 3], []")
            self.line('o = box("o", n=1)')
            self.line("o[0] = 0")
            with self.block(self.choice(["if True:", "if True:", "if True:", "if False:"])):
                self.line("u = 0")
            for _ in range(self.number(2, 6)):
                self.statement()
            self.line("log([f() for f in fs])")
            self.line(f"return {self.expression()}")
        self.line("")
        self.line("")
        self.functions.append(name)


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """The source of a program with a function ``main``."""
    writer = _Writer(draw)
    for name in writer.choice([["start"], ["first", "start"]]):
        writer.budget = 25
        writer.function(name)
    writer.line("@lwt")
    with writer.block("def main():"):
        writer.line("return lwt(start(1)), G")
    return PROGRAM_HEAD + "\n" + "\n".join(writer.lines) + "\n"
