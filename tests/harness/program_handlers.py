"""``try`` and ``with`` in generated programs."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from typing import Any

from harness.program_blocks import Blocks

__all__ = ["Handlers"]

_TYPES = {
    "KeyError": 6,
    "ValueError": 3,
    "(KeyError, ValueError)": 1,
    "kinds(KeyError, NameError)": 1,
    "(*kinds(ValueError), Stop)": 0.7,
    "(KeyError if $n else ValueError)": 0.5,
    "Exception": 1,
    "Stop": 1,
    "lwt(get(KeyError))": 0.7,
    "kinds(ValueError, lwt(get((KeyError, Stop))))": 0.5,
}
# Those that say nothing when a GeneratorExit passes by.
_SILENT_TYPES = {
    kind: weight for kind, weight in _TYPES.items() if not re.search(r"get|kinds|\$n", kind)
}
_ALL = {"BaseException": 1, "": 1}

_LAST_WORDS = {
    "raise_again": 2,
    "say_caught": 2,
    "callee": 2,
    "": 5,
}


class Handlers(Blocks):
    """Adds the statements that catch, and that clean up."""

    def try_(self) -> None:
        self.body("try:")
        count = self.choice([0, 1, 1, 1, 2]) if self.place.cleans else self.choice([1, 1, 2])
        names = [self.handler(number == count) for number in range(1, count + 1)]
        if count and self.chance(0.4):
            self.body("else:")
        if self.place.cleans and (not count or self.chance(0.4)):
            with self.finally_():
                self.body("finally:", self.callee if self.chance(0.3) else None)
        if any(names) and self.chance(0.3):
            with self.block(f"if {self.expression()} and not {self.expression()}:"):
                self.line(f"log({max(names)})")  # unbound

    def finally_(self) -> AbstractContextManager[None]:
        """Where a ``finally`` stands: a stream that is closed must end, by its GeneratorExit."""
        ends: dict[str, Any] = {"jumps": (), "returns": None} if self.place.yields else {}
        return self.at(yields=False, **ends)

    def handler(self, last: bool) -> str:
        """One ``except`` clause; the name that it unbinds."""
        takes_all = last and self.chance(0.2) and not self.place.yields
        types = _ALL if takes_all else _TYPES if self.place.cleans else _SILENT_TYPES
        kind = self.filled(self.liked(self.fitting(types)), bare=True)
        names = ["", "", " as caught", f" as {self.fresh('e')}", " as u"] if kind else [""]
        name = self.choice(names)
        word = self.liked(_LAST_WORDS)
        tail = getattr(self, word) if word else None
        with (
            self.block(f"except {kind}{name}:".replace(" :", ":")),
            self.at(depth=self.place.depth + 1, yields=False),  # a known limit: see Place.yields
        ):
            if name and self.chance():
                self.line(f"log(repr({name.split()[-1]}))")
            self.statements()
            if name and self.chance(0.3):
                self.line(f"log(repr({name.split()[-1]}), {self.expression()})")
            if tail:
                tail()
        return name.split()[-1] if name else ""

    def raise_again(self) -> None:
        with self.block(f"if {self.expression()}:"):
            self.line("raise")

    def say_caught(self) -> None:
        self.line("log(repr(sys.exc_info()[1]))")

    def callee(self) -> None:
        """What is handled, as a function sees it that is called."""
        self.line(self.choice(["handled()", "lwt(handled_by_thread())"]))

    def except_group(self) -> None:
        """``except*``; nothing may jump out of its clauses."""
        group = "ExceptionGroup('g', [KeyError($n), ValueError(2), KeyError(3)])"
        with self.block("try:"):
            with self.block(f"if {self.expression()}:"):
                how = [f"raise {group}", f"lwt(fail({group}))", "raise KeyError($e)"]
                self.line(self.filled(self.choice(how), bare=True))
            with self.at(depth=self.place.depth + 1):
                self.statements()
        kinds = [
            ["KeyError", "ValueError"],
            ["KeyError"],
            ["(KeyError, ValueError)"],
            ["Exception"],
        ]
        with self.at(jumps=(), returns=None, yields=False):
            for kind in self.choice(kinds):
                name = self.choice(["", " as group"])
                with self.block(f"except* {kind}{name}:"), self.at(depth=self.place.depth + 1):
                    if name:
                        self.line("log(repr(group))")
                    self.statements()
                    if self.chance(0.3):
                        self.raise_again()
        if self.chance(0.3):
            self.body("else:")
        if self.place.cleans and self.chance(0.3):
            with self.finally_():
                self.body("finally:")

    # -- with -----------------------------------------------------------------------------------

    def with_(self) -> None:
        items = [self.item() for _ in range(self.choice([1, 1, 2, 3]))]
        self.body(f"with {', '.join(items)}:")

    def with_lwt(self) -> None:
        items = [self.item() for _ in range(self.choice([0, 0, 0, 1]))]
        items.insert(
            self.number(0, len(items)), f"with_lwt(Manager({self.expression()})){self.target()}"
        )
        self.body(f"with {', '.join(items)}:")

    def item(self) -> str:
        managers = ["managed($e)", "lwt(get(managed($e)))", "managed(lwt(get($e)))", "Plain($e)"]
        manager = self.filled(self.choice(managers), bare=True)
        if self.chance(0.15):
            return self.filled("managed(($e, $e)) as ($v, o.n)", bare=True)
        return manager + self.target()

    def target(self) -> str:
        targets = ["", " as $v", " as $v", " as o.n", " as xs[$e % 3]", " as u"]
        return self.filled(self.choice(targets), bare=True)
