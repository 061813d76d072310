"""Every name that generated code uses, and the supply of fresh ones."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

__all__ = ["HELPERS", "RUNTIME", "RUNTIME_ALIAS", "Fresh", "purpose"]

RUNTIME = "lwtsyntax.runtime"
RUNTIME_ALIAS = "Lwt"
HELPERS = "lwtsyntax.coroutines"  # what a program of async functions may import

# purpose -> the name (or the stem of it) that generated code uses; {} is what it continues or holds
_PURPOSES = {
    "continuation with a value": "with_{}",
    "continuation without a value": "after_{}",
    "value of a wait": "value",
    "ignored value": "ignored",
    "join": "after_{}",
    "loop body": "each",
    "loop condition": "condition",
    "while body": "body",
    "loop else": "no_break",
    "waiting thunk": "awaited",
    "try body": "body",
    "guarded body": "attempt",
    "with body": "body",
    "try else": "no_error",
    "cleanup": "cleanup",
    "emitter": "emit",
    "producer": "produce",
    "collected": "collected",
    "collection": "collect",
    "chain of operands": "chain",
    "anonymous function": "anonymous",
    "value cases": "on_value",
    "exception cases": "on_error",
    "group handler": "handler",
    "guard's exception": "error",
    "step of a run": "step_{}",
    "lifted block": "block",
    "case": "case_{}",
    "callee": "callee",
    "receiver": "receiver",
    "operand": "operand",
    "key": "key",
    "operand before a wait": "{}_before",
    "choice": "choice",
    "condition value": "holds",
    "subject": "subject",
    "text so far": "text",
    "collection so far": "collection",
    "item": "item",
    "items": "items",
    "part": "part",
}


def purpose(kind: str, what: str = "") -> str:
    """The preferred name for *kind*, a key of the table above, said of *what*."""
    name = _PURPOSES[kind].format(what.strip("_") or "it")
    return name if name.isidentifier() else _PURPOSES[kind].format(what)


class Fresh:
    """Names nobody uses: neither the user's text, nor Python, nor what was handed out before.

    ``ignored`` is the parameter for a value that nobody wants, ``_`` unless the user's text reads that.
    """

    def __init__(self, taken: Iterable[str], *, underscore_is_read: bool = False) -> None:
        self._taken = {*taken, *dir(builtins), *keyword.kwlist}
        self._counts: dict[str, int] = {}
        self.ignored = self.of("ignored value") if underscore_is_read else "_"

    def name(self, wanted: str) -> str:
        """*wanted* itself when it is free, else with the lowest number that makes it so."""
        name = wanted
        while name in self._taken:
            self._counts[wanted] = self._counts.get(wanted, 1) + 1
            name = f"{wanted}_{self._counts[wanted]}"
        self._taken.add(name)
        return name

    def of(self, kind: str, what: str = "") -> str:
        """A fresh name for a purpose of the table."""
        return self.name(purpose(kind, what))
