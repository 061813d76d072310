"""Where code lands: what a generated function must give back, and what comes after a statement.

Code at *value* level gives the value of the thread function, code at *region* level a completion.  A
function that ``map`` calls is *plain*: it gives the thing itself.  One that ``bind`` calls is in mode
*promise*.  A region called by a runtime helper may give either: *mixed*.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal, Protocol

from lwtsyntax.ir.direct import Block, Function, Stmt
from lwtsyntax.ir.output import Body, Def, Root
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.names import Fresh

__all__ = [
    "END",
    "FALL",
    "After",
    "End",
    "Fall",
    "Jump",
    "Lowered",
    "Lowerer",
    "Lowering",
    "Mode",
    "Place",
    "Rest",
]

Mode = Literal["plain", "promise", "mixed"]
Loop = Literal["none", "here", "outside"]


@dataclass(frozen=True, slots=True)
class Jump:
    """On to a join point: the generated function *name*.  ``waits``: it gives a promise.
    ``origin``: the statement that it begins with."""

    name: str
    waits: bool
    origin: Span


@dataclass(frozen=True, slots=True)
class End:
    """The generated function ends normally."""


@dataclass(frozen=True, slots=True)
class Fall:
    """On to the statement that follows in the same generated function."""


After = Jump | End | Fall
END = End()
FALL = Fall()


@dataclass(frozen=True, slots=True)
class Place:
    """The generated function that code lands in."""

    value: bool  # value level, else region level
    mode: Mode
    loop: Loop = "none"  # whether break and continue leave this function for the loop's helper, or cross a region first
    depth: int = 2  # how deeply indented
    counted: bool = False  # entered from the runtime, which counts nesting
    repeats: bool = False  # may run more than once in one activation of the thread function
    give: Jump | None = None  # where the value of a conditional expression goes
    next: After | None = None  # the cases after one whose guard did not hold

    def continuation(self, mode: Mode) -> Place:
        """A function that the runtime calls with a value, and that goes on where this one stopped."""
        return dataclasses.replace(self, mode=mode, depth=self.depth + 1, counted=True)

    def join(self, mode: Mode) -> Place:
        """A function that this one calls to go on."""
        return dataclasses.replace(self, mode=mode, depth=self.depth + 1)

    def region(self, mode: Mode = "mixed", *, own_loop: bool = False) -> Place:
        """A function that gives a completion to the helper that calls it."""
        outside: Loop = "none" if self.loop == "none" else "outside"
        loop: Loop = "here" if own_loop else outside
        return Place(False, mode, loop, self.depth + 1, True, self.repeats or own_loop)

    def deeper(self) -> Place:
        """A block of this function."""
        return dataclasses.replace(self, depth=self.depth + 1)


@dataclass(frozen=True, slots=True)
class Rest:
    """What follows a statement: the statements after it, and what comes after those."""

    statements: Block
    after: After
    waits: bool

    @property
    def ends(self) -> bool:
        """Whether nothing follows at all."""
        return not self.statements and isinstance(self.after, End)


@dataclass(frozen=True, slots=True)
class Lowered:
    """A lowered statement; ``done`` when the rest went into it."""

    body: Body
    done: bool = True


class Lowerer(Protocol):
    """What a lowering may ask of the pass that drives it."""

    fresh: Fresh
    alias: str
    source: Source

    def block(self, statements: Block, after: After, place: Place) -> Body:
        """*statements*, then *after*, as the body of the function at *place*."""
        ...

    def enclosed(self, statements: Block, after: After, place: Place) -> Body:
        """:meth:`block`, with what is lifted out of it at its top."""
        ...

    def function(self, function: Function) -> Root:
        """A thread function."""
        ...

    def lift(self, definition: Def) -> None:
        """Let *definition* stand at the top of the thread function."""
        ...


class Lowering(Protocol):
    """One construct: the statement, what follows it, where it lands."""

    def __call__(self, node: Stmt, rest: Rest, place: Place, lower: Lowerer, /) -> Lowered: ...
