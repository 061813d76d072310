"""The statements without a block of generated programs, and what writes them down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st

from harness.program_expressions import Expressions

__all__ = ["Statements"]


class Statements(Expressions):
    """Writes a program, statement by statement; subclasses add the ones that hold others."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        super().__init__(draw)
        self.lines: list[str] = []
        self.indent = 0
        self.budget = 25
        self.loops: list[str] = []  # the loops around, within the function
        self.in_thread = True

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.line(head)
        self.indent += 1
        yield
        self.indent -= 1

    def body(self, head: str, tail: Callable[[], None] | None = None) -> None:
        """A block of statements under *head*."""
        with self.block(head):
            for _ in range(self.number(1, 3)):
                self.statement()
            if tail is not None:
                tail()

    def statement(self) -> None:
        self.budget -= 1
        deep = self.indent > 5 or self.budget < 0
        kinds = self.SIMPLE if deep else self.SIMPLE + self.COMPOUND
        getattr(self, self.choice(kinds))()

    SIMPLE = (
        "log",
        "assign",
        "wait",
        "augmented",
        "unpack",
        "store",
        "jump",
        "closure",
        "bind_u",
        "delete_u",
        "raising",
    )
    COMPOUND: tuple[str, ...] = ()

    # -- simple statements ----------------------------------------------------------------------

    def log(self) -> None:
        self.line(f"log({self.expression()}, {self.expression()})")

    def assign(self) -> None:
        self.line(f"{self.variable()} = {self.expression()}")

    def wait(self) -> None:
        self.line(f"{self.variable()} = lwt({self.promise()})")

    def augmented(self) -> None:
        target = self.choice([self.variable(), "xs[0]", "o.n", f"xs[{self.expression()} % 3]"])
        self.line(f"{target} {self.choice(['+=', '-='])} {self.expression()}")

    def unpack(self) -> None:
        first, second = self.variable(), self.variable()
        form = self.choice(["{}, {} = {}, {}", "[{}, *_], {} = ({}, 0), {}", "{} = {} = {} + {}"])
        self.line(form.format(first, second, self.expression(), self.expression()))

    def store(self) -> None:
        target = self.choice(["xs[1]", "o.n", f"xs[{self.expression()} % 3]", "o[0]"])
        self.line(f"{target} = {self.expression()}")

    def jump(self) -> None:
        """Leave a loop or the function, on a condition so that what follows is alive."""
        jumps = ["break", "continue"] if self.loops else []
        with self.block(f"if {self.expression()}:"):
            self.line(self.choice([*jumps, f"return {self.expression()}", "pass"]))

    def closure(self) -> None:
        self.line(f"fs.append(lambda: {self.variable()} + {self.variable()})")

    def bind_u(self) -> None:
        with self.block(f"if {self.expression()}:"):
            self.line(f"u = {self.expression()}")

    def delete_u(self) -> None:
        self.line(self.choice(["u = 1", "u = lwt(get(2))", "u = 1; del u"]))

    def raising(self) -> None:
        error = self.choice(["KeyError", "ValueError"])
        how = self.choice([f"raise {error}({{}})", f"lwt(fail({error}({{}})))"])
        with self.block(f"if {self.expression()}:"):
            self.line(how.format(self.expression()))
