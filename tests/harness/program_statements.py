"""The statements without a block of generated programs, and what writes them down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from harness.program_expressions import Expressions

__all__ = ["Statements"]

# The errors that programs raise, and how; $e as in the expressions.
_RAISING = {
    "raise KeyError($e)": 3,
    "raise ValueError($e)": 2,
    "raise KeyError": 0.5,
    "raise Stop($e)": 1,
    "raise KeyError($e) from lwt(get(ValueError($e)))": 1,
    "raise lwt(get(ValueError($e))) from None": 0.5,
    "raise ValueError(lwt(get($e))) from Stop(1)": 0.5,
    "raise lwt(get(KeyError))": 0.5,
    "lwt(fail(KeyError($e)))": 3,
    "lwt(fail(ValueError($e)))": 2,
    "lwt(fail(Stop($e)))": 1,
    "$v = lwt(fail(KeyError(1))) + $e": 0.5,
    "assert not $e, $e": 0.7,
    "missing($e)": 0.3,
}

_ASSIGNMENTS = {
    "$v = $e": 6,
    "$v = lwt($p)": 5,
    "xs[1] = $e": 0.5,
    "xs[$e % 3] = $e": 0.7,
    "xs[0:1] = [$e]": 0.5,
    "xs[$e * 0 : lwt(get(1)) : $e * 0 + 1] = [$e]": 0.3,
    "o.n = $e": 0.7,
    "o[0] = $e": 0.5,
    "o[lwt(get(0))] = $e": 0.4,
    "lwt(get(o)).n = $e": 0.4,
    "$v, $v = $e, $e": 0.7,
    "[$v, *_], o.n = ($e, 0), $e": 0.4,
    "$v, xs[$e % 3] = lwt(get(($e, $e)))": 0.4,
    "$v = xs[$e % 3] = o[0] = $e": 0.4,
    "$v = $v = $e": 0.3,
    "xs[lwt(get(0))], (o.n, *_) = $e, [$e, $e]": 0.3,
    "$x: int = $e; $v = $x": 0.4,
    "xs[$e % 3]: 'nothing here' = $e": 0.2,
    "$v += $e": 1,
    "$v -= lwt($p)": 1,
    "xs[0] += $e": 0.5,
    "xs[$e % 3] -= $e": 0.5,
    "o.n += $e": 0.5,
    "lwt(get(o)).n += $e": 0.3,
    "o[lwt(get(0))] += $e": 0.3,
    "u = $e": 0.7,
    "u += $e": 0.2,
    "grid[$e, :] = $e": 0.3,
    "grid[$e : $e, $e] += $e": 0.3,
    "$x = [$l for $y in $i2 if $l]; $v = len($x)": 0.3,
    "$x = $y = {$l: lwt(get($z)) for $z in $i2}; $v = len($x)": 0.2,
    "$x = $e if $e else lwt(get($e)); $v = $x": 0.3,
}

_DELETIONS = {
    "u = 1; del u": 1,
    "u = lwt(get(2)); del u; u = lwt(get(3))": 1,
    "o[5] = $e; del o[lwt(get(5))]": 1,
    "o.m = $e; del lwt(get(o)).m": 0.5,
    "o[6] = o[7] = $e; del o[lwt(get(6))], o[lwt(get(7))]": 0.5,
    "xs.append($e); del xs[lwt(get(3)) :]": 0.5,
    "o[5] = o[6] = $e; del (o[5], [o[lwt(get(6))]])": 0.3,
    "del grid[$e, $e:]": 0.3,
    "del u": 0.3,
}

_CLOSURES = {
    "fs.append(lambda: $v + $v)": 3,
    "fs.append(lambda $x=$e: $x + $v)": 1,
    "fs.append(lambda: [$x + $v for $x in (1, 2)])": 0.5,
    "ts.append(lambda: lwt(get($v)))": 2,
    "ts.append(lambda $x=$e: $x + lwt(get($v)))": 1,
}


class Statements(Expressions):
    """Writes a program, statement by statement; subclasses add the ones that hold others."""

    SIMPLE: ClassVar[dict[str, float]] = {
        "log": 2,
        "assign": 8,
        "jump": 3,
        "raising": 2,
        "closure": 1.5,
        "delete": 1,
        "nothing": 0.2,
    }
    COMPOUND: ClassVar[dict[str, float]] = {}
    DEEPEST = 9

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.lines: list[str] = []
        self.indent = 0
        self.budget = 25
        self.longest = 3  # statements in a block

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is defined in a block is not surely defined after it."""
        self.line(head)
        self.indent += 1
        known = len(self.functions), len(self.streams)
        yield
        del self.functions[known[0] :], self.streams[known[1] :]
        self.indent -= 1

    def body(self, head: str, tail: Callable[[], None] | None = None) -> None:
        """A block of statements under *head*."""
        with self.block(head), self.at(depth=self.place.depth + 1):
            self.statements()
            if tail is not None:
                tail()
            elif self.chance(0.08):
                self.leave()

    def statements(self, least: int = 1) -> None:
        for _ in range(self.number(least, max(least, self.longest))):
            self.statement()

    def statement(self) -> None:
        self.budget -= 1
        self.spent += self.place.rounds
        deep = self.place.depth > self.DEEPEST or self.budget < 0
        kinds = self.SIMPLE if deep else self.SIMPLE | self.compounds()
        kind = self.liked(kinds)
        getattr(self, kind)()

    def compounds(self) -> dict[str, float]:
        """The statements with a block that may stand here, with their weights."""
        return self.COMPOUND

    def write(self, options: dict[str, float]) -> None:
        """One of *options*, filled."""
        self.line(self.filled(self.liked(self.fitting(options)), bare=True))

    # -- simple statements ----------------------------------------------------------------------

    def log(self) -> None:
        self.line(
            self.choice(["log({}, {})", "{}, {}"]).format(self.expression(), self.expression())
        )

    def assign(self) -> None:
        self.write(_ASSIGNMENTS)

    def delete(self) -> None:
        self.write(_DELETIONS)

    def closure(self) -> None:
        self.write(_CLOSURES)

    def leave(self) -> None:
        """Leave for sure: what follows is dead, or reached another way."""
        if self.chance(0.3):
            self.write(_RAISING)
            return
        jump = self.choice([*self.place.jumps, "return" if self.place.returns else "pass"])
        value = jump == "return" and self.place.returns == "value"
        self.line(f"return {self.expression()}" if value else jump)

    def raising(self) -> None:
        """On a condition, so that what follows is alive."""
        with self.block(f"if {self.expression()}:"):
            self.write(_RAISING)

    def jump(self) -> None:
        """Leave a loop or the function, on a condition."""
        jumps = [*self.place.jumps]
        if self.place.returns is not None:
            jumps.append("return")
        with self.block(f"if {self.expression()}:"):
            jump = self.choice(jumps or ["pass"])
            value = jump == "return" and self.place.returns == "value"
            self.line(f"return {self.expression()}" if value else jump)

    def nothing(self) -> None:
        self.line(self.choice(["pass", "...", "handled()"]))
