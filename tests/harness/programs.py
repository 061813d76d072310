"""Generated direct-style programs, for the oracle: one for each seed.

Every loop is bounded, functions call earlier ones only, and values are small integers, so each
program ends.  Variables ``a`` to ``d`` are surely bound where they are read; ``u`` may be unbound,
so that reading it may raise.
"""

from __future__ import annotations

import re
from typing import ClassVar

from harness.direct import direct_style
from harness.program_definitions import Definitions

__all__ = ["INTERLEAVES", "program"]

# A program that says this starts threads and waits for them later: the order of its events depends
# on which promises are pending.
INTERLEAVES = "SIDE_BY_SIDE = True"

_HEAD = """\
import sys
from contextlib import contextmanager

from effects import box, close, fail, get, log, say, stream
from lwtsyntax import exception, for_lwt, lwt, lwt_stream, match_lwt, while_lwt, with_lwt

G = 1

"""

# What programs may use, in order; each stands in those that do.
_PIECES = {
    "plain": """
def plain(*args, **kwargs):
    log("plain", args, kwargs)
    return len(args) + len(kwargs)
""",
    "Stop": """
class Stop(BaseException):
    pass
""",
    "kinds": """
def kinds(*types):
    log("kinds", types)
    return types
""",
    "handled": """
def handled():
    error = sys.exc_info()[1]
    while error is not None:
        log("handled", repr(error))
        if isinstance(error, (GeneratorExit, BaseExceptionGroup)):
            return  # of a closed stream, of an except*: CPython says of neither what was handled then
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
""",
    "handled_by_thread": """
@lwt
def handled_by_thread():
    log(repr(sys.exc_info()[1]))
    log(lwt(get(1)), repr(sys.exc_info()[1]))
""",
    "same": """
def same(value):
    log("same", getattr(value, "__name__", value))
    return value
""",
    "Base": """
class Base:
    def __init__(self, p):
        self.p = p

    @classmethod
    def kind(cls):
        return cls.__name__

    @lwt
    def value(self, p):
        return lwt(get(self.p)) + p
""",
    "grid": """
class Grid:
    def __getitem__(self, key):
        log("grid", key)
        return 1

    def __setitem__(self, key, value):
        log("grid", key, value)

    def __delitem__(self, key):
        log("del grid", key)


grid = Grid()
""",
    "Manager": """
class Manager:
    def __init__(self, name):
        self.name = name

    @lwt
    def __aenter__(self):
        return lwt(get(self.name))

    @lwt
    def __aexit__(self, kind, error, traceback):
        log("leave", lwt(get(kind is None)), repr(error), repr(sys.exc_info()[1]))
        return kind is KeyError
""",
    "Plain": """
class Plain:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        log("enter plainly", self.name)
        return self.name

    def __exit__(self, kind, error, traceback):
        log("exit plainly", repr(error), repr(sys.exc_info()[1]))
        return kind is ValueError and self.name
""",
    "managed": """
@contextmanager
def managed(name):
    log("enter", name)
    try:
        yield name
    except KeyError:
        log("swallow", name)
    finally:
        log("exit", name)
""",
}


_REPEATING = frozenset({"for_", "for_lwt", "while_", "while_lwt", "while_true", "nested_stream"})
_CLEANING = frozenset({"with_", "with_lwt"})


class _Writer(Definitions):
    """Writes one program."""

    interleaves = False
    COMPOUND: ClassVar[dict[str, float]] = {
        "if_": 3,
        "for_": 3,
        "for_lwt": 2,
        "while_": 2,
        "while_lwt": 1,
        "while_true": 1,
        "choose": 1,
        "match": 2,
        "match_lwt": 2,
        "try_": 5,
        "except_group": 1,
        "with_": 2,
        "with_lwt": 1.5,
        "nested_thread": 2,
        "procedure": 1,
        "nested_plain": 1,
        "local_class": 1,
        "nested_stream": 1.5,
    }

    def compounds(self) -> dict[str, float]:
        shunned: frozenset[str] = frozenset()
        if not self.affords(3):
            shunned |= _REPEATING
        if not self.place.cleans:
            shunned |= _CLEANING
        if not self.place.waits:
            return {}
        known = self.COMPOUND | ({"side_by_side": 4} if self.interleaves else {})
        return {kind: weight for kind, weight in known.items() if kind not in shunned}

    def function(self, name: str) -> None:
        self.line("@lwt")
        variables = ("a", "b", "c", "d")
        with self.function_body(f"def {name}(a, b=2):", depth=0):
            if self.chance(0.3) and not self.interleaves:
                self.line("global G")
                variables += ("G",)
            self.line("c, d, xs, fs, ts = 3, a, [1, 2, 3], [], []")
            self.line('o = box("o", n=1, call=plain)')
            self.line("o[0] = 0")
            with self.block(f"if {self.choice(['True', 'True', 'True', 'False'])}:"):
                self.line("u = 0")
            self.statements(2)
            self.line("log([f() for f in fs], [lwt(t()) for t in ts])")
            self.line(f"return {self.expression()}")
        self.line("")
        self.line("")

    def text(self) -> str:
        """The source of a program with a function ``main``."""
        self.interleaves = self.chance(0.08)
        if self.interleaves:
            self.lines += [INTERLEAVES, "", ""]
        names = self.choice([["start"]] * 3 + [["first", "start"]])
        size = self.choice([2, 3, 3, 4, 5, 6, 9, 25])
        self.longest = 2 if size < 12 else 3
        for name in names:
            self.budget = size
            spent, self.spent = self.spent, 0
            self.function(name)
            self.define(f"{name}($e)", spent)
        self.line("@lwt")
        with self.block("def main():"):
            self.line("return lwt(start(1)), G")
        written = "\n".join(self.lines) + "\n"
        pieces = [
            text + "\n" for name, text in _PIECES.items() if re.search(rf"\b{name}\b", written)
        ]
        return _HEAD + "".join(pieces) + "\n" + written


def program(seed: int) -> str:
    """The program of *seed*; its blocks are not nested more deeply than CPython takes."""
    for variation in range(100):
        text = _Writer(seed + variation * 10**9).text()
        try:
            for asynchronous in (False, True):
                native = direct_style(text, asynchronous=asynchronous)
                compile(native, "<program>", "exec", dont_inherit=True)
        except SyntaxError as error:
            if "too many statically nested blocks" not in str(error):
                raise
        else:
            return text
    raise AssertionError(f"no program of seed {seed} is flat enough")
