"""Branches, loops and ``match`` in generated programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.program_statements import Statements

__all__ = ["Blocks"]

_BOTH = ("break", "continue")

# Subjects, and the patterns that are made for them.
_SUBJECTS = {"$e": "number", "[$e, $e]": "pair", "lwt(get(($e, 1)))": "pair", "{'k': $e}": "map"}
_PATTERNS = {
    "number": ("0", "0 | 1", "int($v)", "1 as $v", "-1 | 2", "[_] | 5"),
    "pair": ("[0, $v]", "[$v, *$x]", "(1 as $v, _)", "[int(), 1 | 2]"),
    "map": ("{'k': 0}", "{'k': $v, **$x}", "{'j': _}", "{'k': 1 | 2 as $v}"),
}


class Blocks(Statements):
    """Adds the statements that branch and repeat."""

    def if_(self) -> None:
        self.body(f"if {self.expression()}:")
        for _ in range(self.number(0, 2)):
            self.body(f"elif {self.expression()}:")
        if self.chance():
            self.body("else:")

    def choose(self) -> None:
        """Branches that all end by binding one variable, on the way to what follows."""
        name = self.variable()
        heads = [f"if {self.expression()}:", f"elif {self.expression()}:", "else:"]
        for head in heads if self.chance() else heads[::2]:
            with self.block(head), self.at(depth=self.place.depth + 1):
                if self.chance(0.3):
                    self.statement()
                if self.chance(0.2):
                    with self.block(f"if {self.expression()}:"):
                        self.line(f"{name} = lwt({self.promise()})")
                    with self.block("else:"):
                        self.line(f"{name} = {self.expression()}")
                else:
                    self.line(f"{name} = {self.expression()}")

    # -- loops ----------------------------------------------------------------------------------

    def loop(
        self, head: str, times: int, tail: Callable[[], None] | None = None, first: str = ""
    ) -> None:
        rounds = self.place.rounds * times
        with self.at(jumps=_BOTH, rounds=rounds, depth=self.place.depth + 1), self.block(head):
            if first:
                self.line(first)
            self.statements()
            if tail is not None:
                tail()
        if self.chance(0.4):
            self.body("else:")

    def for_(self) -> None:
        targets = [self.variable(), self.variable(), "o.n, $v", "xs[2]", "o[$e * 0]", "($v, *_), u"]
        target = self.filled(self.choice(targets), bare=True)
        items = self.choice(
            ["range(2)", "[3, $e, 2]", "lwt(get([1, $e]))", "xs[:2]", "($e, *xs[:1])"]
        )
        with self.at(walrus=False):
            items = self.filled(items, bare=True)
        if "*_" in target:
            items = f"[((each, 0), index) for index, each in enumerate({items})]"
        elif "," in target:
            items = f"enumerate({items})"
        self.loop(f"for {target} in {items}:", 2)

    def for_lwt(self) -> None:
        tail = self.tail_call if self.chance(0.7) else None
        self.loop(f"for {self.variable()} in for_lwt({self.reading()}):", 2, tail)

    def tail_call(self) -> None:
        """An implicit wait: a bare call that ends the body, or an arm of what ends it."""
        if self.chance(0.6):
            self.line(self.choice([f"log({self.expression()})", self.promise()]))
            return
        heads = [
            ["if {}:", "else:"],
            ["if {}:"],
            ["try:", "except KeyError:"],
            ["try:", "finally:"],
            ["with managed({}):"],
            ["with with_lwt(Manager({})):"],
            ["match {}:"],
        ]
        parts = self.choice(heads[: 3 if not self.place.cleans else None])
        for head in parts:
            with self.block(head.format(self.expression())):
                if head.startswith("match"):
                    with self.block("case 0 | 1:"):
                        self.tail_call()
                elif head == "finally:":
                    self.line(f"log({self.expression()})")
                else:
                    self.tail_call()

    def while_(self) -> None:
        counter = self.fresh("n")
        self.line(f"{counter} = 0")
        tests = ["$e", "not $e", "lwt(get($e))", "$e or $e", "not ($e and $e)", "($x := $e) < 2"]
        tests += ["($x := lwt(get(lwt(get($e)))))", "lwt(get($x := lwt(get($e)))) or $e"]
        test = self.filled(self.choice(tests))
        full = self.choice(
            [
                f"{counter} < 3",
                f"{counter} < 3 and {test}",
                f"{counter} < 2 or {counter} < 3 and {test}",
            ]
        )
        self.loop(f"while {full}:", 3, first=f"{counter} += 1")

    def while_lwt(self) -> None:
        counter = self.fresh("n")
        self.line(f"{counter} = 0")
        tests = [f"{counter} < 2", f"get({counter} < 2)", f"lwt(get(get))({counter} < 2)"]
        tests.append(self.filled(f"($x := lwt(get(lwt(get({counter} < 2)))))", bare=True))
        self.loop(f"while while_lwt({self.choice(tests)}):", 2, self.tail_call, f"{counter} += 1")

    def while_true(self) -> None:
        counter = self.fresh("n")
        self.line(f"{counter} = 0")
        rounds = self.place.rounds * 3
        depth = self.place.depth + 1
        with self.at(jumps=_BOTH, rounds=rounds, depth=depth), self.block("while True:"):
            self.line(f"{counter} += 1")
            with self.block(f"if {counter} > 2 or {self.expression()}:"):
                self.line("break")
            self.statements()

    # -- match ----------------------------------------------------------------------------------

    def match(self) -> None:
        shape = self.choice([*_SUBJECTS])
        subject = self.filled(shape, bare=True)
        with self.at(depth=self.place.depth + 1), self.block(f"match {subject}:"):
            self.cases(_SUBJECTS[shape], self.number(1, 3))

    def cases(self, kind: str, number: int, tail: Callable[[], None] | None = None) -> None:
        for _ in range(number):
            guard = f" if {self.expression()}" if self.chance(0.4) else ""
            patterns = (*_PATTERNS[kind], "$v") if guard else _PATTERNS[kind]
            pattern = self.filled(self.choice(patterns), bare=True)
            self.body(f"case {pattern}{guard}:", tail)
        if self.chance():
            self.body(self.choice(["case _:", f"case {self.variable()}:"]), tail)

    def match_lwt(self) -> None:
        failing = ["fail(KeyError($e))", "fail(ValueError($e))", "fail(Stop(1))"]
        subject = self.filled(self.choice([self.promise(), self.promise(), *failing]), bare=True)
        tail = self.tail_call if self.chance() else None
        with self.at(yields=False):
            guard = self.expression()
        rejected = [
            "case exception(KeyError()):",
            f"case exception(ValueError() as e) if {guard}:",
            f"case exception(KeyError(args=[{self.variable()}])):",
            "case exception(KeyError() | Stop() as e):",
        ]
        arms: list[Callable[[], Any]] = [
            lambda head=head: self.body(head, tail)  # type: ignore[misc]
            for head in self.random.sample(rejected, self.number(0, 2))
        ]
        with self.at(depth=self.place.depth + 1), self.block(f"match match_lwt({subject}):"):
            with self.at(yields=False):
                for arm in arms:
                    arm()
            if not arms or self.chance(0.7):
                self.cases("number", self.number(1, 2), tail)
            elif self.chance(0.4):
                with self.at(yields=False):
                    self.body("case exception(e):", tail)
