"""What is run: suites of CPython's tests with the modules to lower, and the variants of lowering them."""

from __future__ import annotations

from dataclasses import dataclass

from .planting import Planting

__all__ = ["SUITES", "VARIANTS", "Suite", "Variant"]


@dataclass(frozen=True)
class Suite:
    modules: tuple[str, ...]
    tests: tuple[str, ...]


def _suite(*modules: str, tests: str = "") -> Suite:
    return Suite(modules, (f"test.test_{tests or modules[0]}",))


SUITES = {
    "textwrap": _suite("textwrap"),
    "difflib": _suite("difflib"),
    "json": _suite("json", "json.decoder", "json.encoder", "json.scanner"),
    "heapq": _suite("heapq"),
    "shlex": _suite("shlex"),
    "configparser": _suite("configparser"),
    "argparse": _suite("argparse"),
    "statistics": _suite("statistics"),
    "fractions": _suite("fractions"),
    "csv": _suite("csv"),
    "tokenize": _suite("tokenize"),
    "string": _suite("string"),
    "copy": _suite("copy"),
    "pprint": _suite("pprint"),
    "bisect": _suite("bisect"),
    "graphlib": _suite("graphlib"),
    "calendar": _suite("calendar"),
    "ast": _suite("ast", tests="unparse"),
    "reprlib": _suite("reprlib"),
    "fnmatch": _suite("fnmatch"),
}


@dataclass(frozen=True)
class Variant:
    """Where waits are planted (nowhere: None), and how many promises in a hundred are pending first."""

    planting: Planting | None
    pauses: int = 0


VARIANTS = {
    "as it is": Variant(None),
    "resolved": Variant(Planting()),
    "pending": Variant(Planting(), 100),
    "mixed": Variant(Planting(calls=40, loops=30, seed=1), 50),
}
