"""The expressions of generated programs: all give an int or a bool, and many hold waits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

__all__ = ["Expressions"]

T = TypeVar("T")

# {} is an expression, @ a variable, # a fresh one, and ! a promise
LEAVES = ("@", "1", "0", "say(@)", "lwt(get(@))")
SHAPES = (
    "lwt(!)",
    "say({})",
    "{} + {}",
    "{} - {}",
    "lwt(get({})) + {}",
    "{} and {}",
    "{} or {}",
    "not {}",
    "({} if {} else {})",
    "({} < {} <= {})",
    "({} == {} != {} < {})",
    "({} in [{}, 2])",
    "plain({}, {})",
    "plain({}, *[{}, {}], k={}, **{{'z': {}}})",
    "plain(*xs, j={})",
    "o({})",
    "o.n",
    "xs[{} % 3]",
    "len(xs[{} % 2 : {}])",
    "len(f'{{@}} and {{lwt(get(@)):>3}} and {{say(@)!r}}')",
    "sum([{}, {}, *[{}]])",
    "sum(({}, {}))",
    "len({{{}: {}, 7: {}}})",
    "{{{}: {}}}.get({}, 3)",
    "(@ := {})",
    "sum(lwt(get({}), get({})))",
    "sum([lwt(get(# + {})) for # in range(2)])",
    "sum(# for # in lwt(get([@, 1])) if #)",
    "(lambda #: # + @)({})",
    "lwt((lambda #: lwt(get(#)) + @)({}))",
    "sum([# for # in for_lwt([@, 2]) if lwt(get(#))])",
    "(lwt(get({})) if {} and {} else {})",
    "box('p', x={}).x",
    "G",
    "u",
)


class Expressions:
    """Draws expressions, promises and names."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.functions: list[str] = []  # thread functions that may be called
        self.count = 0

    def choice(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))  # type: ignore[no-any-return]

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))  # type: ignore[no-any-return]

    def flag(self) -> bool:
        return self.draw(st.booleans())  # type: ignore[no-any-return]

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}_{self.count}"

    def counter(self) -> str:
        return self.fresh("n")

    def variable(self) -> str:
        return self.choice("abcd")

    def promise(self) -> str:
        """An expression that gives a promise of a number."""
        calls = [f"{name}({{}})" for name in self.functions]
        return self.filled(self.choice(["get({})", *calls]), 1)

    def expression(self, depth: int = 0) -> str:
        shape = self.choice(LEAVES if depth > 1 else LEAVES + SHAPES)
        return self.filled(shape, depth + 1)

    def filled(self, shape: str, depth: int) -> str:
        """*shape* with its holes filled, in parentheses where it is more than a word."""
        if "#" in shape:
            shape = shape.replace("#", self.fresh("v"))
        while "@" in shape:
            shape = shape.replace("@", self.variable(), 1)
        if "!" in shape.replace("!=", ""):
            shape = shape.replace("!)", self.promise().replace("{", "{{").replace("}", "}}") + ")")
        holes = shape.replace("{{", "").replace("}}", "").count("{")
        text = shape.format(*(self.expression(depth) for _ in range(holes)))
        return text if text.isalnum() or re.fullmatch(r"\w+\([^()]*\)", text) else f"({text})"
