"""Run the tests of one suite with its modules imported through the hook, and say which of their lines ran.

``python -m tests.real_code.hooked SUITE MODE`` writes JSON.  In the mode "hook" the modules, with markers planted
in them, are lowered as they are imported; in the mode "plain" the very same sources run as they stand, the
markers giving what they are given.  Both ways the tests should end alike, and have run the same lines.
"""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable
from functools import update_wrapper
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from random import Random
from types import FunctionType, ModuleType
from typing import Any

import coverage

import lwtsyntax
from lwtsyntax.importhook.loaders import LoweringLoader

from . import driving
from .child import path_of, run_tests
from .known import KNOWN
from .planting import PREFIX, Planting, planted
from .suites import SUITES, Suite

__all__ = ["main"]


class _PlantedFinder:
    """Finds the modules in a folder of their own, where markers are planted in them."""

    def __init__(self, suite: Suite, folder: Path) -> None:
        self.files: dict[str, Path] = {}
        for name in suite.modules:
            spec = PathFinder.find_spec(name, path_of(name))
            assert spec is not None and isinstance(spec.loader, SourceFileLoader)
            source = spec.loader.get_source(name)
            assert source is not None
            self.files[name] = folder / f"{name}.py"
            text = planted(source, Planting(by_name=suite.by_name))
            self.files[name].write_text(text, encoding="utf-8")

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in self.files:
            return None
        found = PathFinder.find_spec(name, path, target)
        assert found is not None
        return spec_from_file_location(
            name,
            self.files[name],
            submodule_search_locations=found.submodule_search_locations,
        )

    def lower(self) -> None:
        """Fill the hook's cache: what lowers the modules imports some of them."""
        for name, path in self.files.items():
            LoweringLoader(name, str(path)).get_code(name)


def _same(value: Any) -> Any:
    return value


def _renamed(function: FunctionType) -> FunctionType:
    """What `driving.driven` makes of *function*, as to names and docstrings; it runs it at once."""
    name = function.__name__.removeprefix(PREFIX)
    if name == function.__name__:
        return function
    named = FunctionType(
        function.__code__,
        function.__globals__,
        name,
        function.__defaults__,
        function.__closure__,
    )
    named.__kwdefaults__ = function.__kwdefaults__
    update_wrapper(named, function)
    named.__name__ = name
    named.__qualname__ = function.__qualname__.removesuffix(function.__name__) + name
    function.__doc__ = None
    return named


def _plain() -> None:
    """Have the markers, and what the planted sources call besides, give what they are given."""
    for marker in ("lwt", "for_lwt", "while_lwt"):
        setattr(lwtsyntax, marker, _same)
    for helper in ("given", "started"):
        setattr(driving, helper, _same)
    setattr(driving, "driven", _renamed)  # noqa: B010


def _lines(measured: coverage.CoverageData, files: Iterable[Path]) -> dict[str, list[int]]:
    return {path.stem: sorted(measured.lines(str(path)) or ()) for path in files}


def _import_anew(suite: Suite) -> list[ModuleType]:
    for name in suite.modules:
        sys.modules.pop(name, None)
    return [import_module(name) for name in suite.modules]


def main(suite_name: str, mode: str) -> None:
    suite = SUITES[suite_name]
    install: dict[str, Callable[[], object]] = {
        "hook": lambda: lwtsyntax.install(packages=suite.modules),
        "plain": _plain,
    }
    sys.modules["lwt_driving"] = driving
    random = Random(0)
    driving.set_pauses(lambda: random.random() < 0.5)
    with tempfile.TemporaryDirectory() as folder:
        finder = _PlantedFinder(suite, Path(folder).resolve())
        if mode == "hook":
            warnings.simplefilter("ignore", lwtsyntax.TransformWarning)  # `while _while_lwt(True)`
            finder.lower()
        install[mode]()
        sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)  # the hook asks it
        files = [*finder.files.values()]
        measuring = coverage.Coverage(
            data_file=None, config_file=False, include=[str(path) for path in files]
        )
        with measuring.collect():
            modules = _import_anew(suite)
            outcomes = run_tests(suite, {entry.test for entry in KNOWN})
        lowered = [type(module.__loader__) is LoweringLoader for module in modules]
        assert lowered == [mode == "hook"] * len(modules)
        lines = _lines(measuring.get_data(), files)
        report = {"lines": lines, "outcomes": outcomes}
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
