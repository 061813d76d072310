"""Run the tests of one suite against its modules, lowered or as they are: one process, one variant.

``python -m tests.real_code.child SUITE VARIANT`` writes JSON: the outcome of every test.
"""

from __future__ import annotations

import gc
import io
import json
import re
import sys
import unittest
import warnings
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from random import Random
from types import CodeType
from typing import Any

from lwtsyntax.diagnostics import render_text
from lwtsyntax.pipeline import transform
from lwtsyntax.runtime import reporting

from . import driving
from .known import KNOWN
from .planting import Planting, planted
from .suites import SUITES, VARIANTS, Suite

__all__ = ["Outcomes", "main", "path_of", "run_tests"]


class _Finder(MetaPathFinder):
    """Gives lowered code for some modules, whenever they are imported."""

    def __init__(self, modules: Iterable[str], planting: Planting) -> None:
        # All of them first: what lowers them imports some of them.
        self.codes: dict[str, CodeType] = {}
        self.lines = self.waits = 0
        for name in modules:
            self.codes[name] = self._lowered(name, planting)
        for name in modules:
            sys.modules.pop(name, None)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in self.codes:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None and isinstance(spec.loader, SourceFileLoader)
        spec.loader = _Loader(name, spec.loader.path, self.codes[name])
        return spec

    def _lowered(self, module: str, planting: Planting) -> CodeType:
        spec = PathFinder.find_spec(module, path_of(module))
        assert spec is not None and isinstance(spec.loader, SourceFileLoader)
        source, path = spec.loader.get_source(module), spec.loader.path
        assert source is not None
        source = planted(source, planting)
        self.lines += source.count("\n")
        self.waits += len(re.findall(r"_lwt\(", source))
        return compile(_transformed(source, path), path, "exec", dont_inherit=True)


def path_of(module: str) -> list[str] | None:
    """Where a submodule is looked for."""
    package = module.rpartition(".")[0]
    return list(import_module(package).__path__) if package else None


def _transformed(source: str, path: str) -> str:
    result = transform(source, path)
    if result.text is None:
        refusals = "\n".join(render_text(each) for each in result.diagnostics)
        raise ImportError(f"{path} was refused:\n{refusals}")
    return result.text


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        return self.code


class Outcomes(unittest.TestResult):
    """The outcome of every test by its name, with the traceback of a failure."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[str, tuple[str, str]] = {}
        self.names: dict[int, str] = {}
        self.buffer = True

    def startTest(self, test: Any) -> None:
        super().startTest(test)
        name, number = test.id(), 1
        while name in self.outcomes:
            number += 1
            name = f"{test.id()} #{number}"
        self.names[id(test)] = name
        self.outcomes[name] = ("passed", "")

    def _set(self, test: Any, outcome: str, detail: str = "") -> None:
        self.outcomes[self.names.get(id(test), test.id())] = (outcome, detail)

    def addError(self, test: Any, err: Any) -> None:
        self._set(test, "failed", self._exc_info_to_string(err, test))  # type: ignore[attr-defined]

    addFailure = addError

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self.addError(test, err)

    def addSkip(self, test: Any, reason: str) -> None:
        self._set(getattr(test, "test_case", test), "skipped", reason)  # of a subtest: the test

    def addUnexpectedSuccess(self, test: Any) -> None:
        self._set(test, "failed", "unexpected success")


def _note_unobserved(found: list[str], headline: str, error: BaseException) -> None:
    if not isinstance(error, RecursionError):  # which may strike between a rejection and its wait
        found.append(f"{headline} {error!r}")


def _leave_out(tests: unittest.TestSuite, names: set[str]) -> None:
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            _leave_out(test, names)
        elif test.id() in names:
            name = test.id().rpartition(".")[2]
            setattr(test, name, partial(test.skipTest, "left out"))


def run_tests(suite: Suite, left_out: set[str]) -> dict[str, tuple[str, str]]:
    """The outcome of every test of *suite* that is not *left_out*."""
    outcomes = Outcomes()
    output, sys.stdout = sys.stdout, io.StringIO()
    with warnings.catch_warnings():
        tests = unittest.defaultTestLoader.loadTestsFromNames(suite.tests)
        _leave_out(tests, left_out)
        tests.run(outcomes)
    sys.stdout = output
    return outcomes.outcomes


def main(suite_name: str, variant_name: str) -> None:
    suite, variant = SUITES[suite_name], VARIANTS[variant_name]
    unobserved: list[str] = []
    reporting._print = partial(_note_unobserved, unobserved)
    sys.modules["lwt_driving"] = driving
    report: dict[str, Any] = {"unobserved": unobserved}
    if variant.planting is not None:
        finder = _Finder(suite.modules, replace(variant.planting, by_name=suite.by_name))
        sys.meta_path.insert(0, finder)
        report |= {"lines": finder.lines, "waits": finder.waits}
        for name in suite.modules:
            import_module(name)
    random = Random(0)
    driving.set_pauses(lambda: random.random() * 100 < variant.pauses)
    left_out = {entry.test for entry in KNOWN if not entry.run}
    outcomes = run_tests(suite, left_out if variant.planting is not None else set())
    gc.collect()
    json.dump(report | {"outcomes": outcomes}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
