"""The pytest plugin: test modules in direct style, and tests that are threads.

- Test modules and ``conftest.py`` files that hold markers, or keywords (``test_x.lwt``), are lowered, with pytest's assertions; so are the packages of
  ``lwtsyntax_packages`` in pytest's settings, or of ``[tool.lwtsyntax]`` in ``pyproject.toml``.
- A test function that returns a promise is run until that is resolved.
- Each test has a main loop of its own: threads that one leaves behind never wake in another.

pytest imports this file in every session of an environment, so it imports nothing that pytest has not, and
does nothing for tests that have nothing to do with us.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lwtsyntax.importhook.selecting import Selection

_INSTALLED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "lwtsyntax_packages",
        "packages in direct style, lowered when they are imported "
        "[packages of tool.lwtsyntax in pyproject.toml]",
        type="args",
        default=None,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    _install(early_config)  # before conftest.py imports the packages


def pytest_configure(config: pytest.Config) -> None:
    _install(config)  # where a conftest.py has named this plugin


def _install(config: pytest.Config) -> None:
    if _INSTALLED in config.stash:
        return
    config.stash[_INSTALLED] = True
    from lwtsyntax.importhook.installing import ImportHook
    from lwtsyntax.importhook.selecting import selection

    packages = _packages(config)
    if packages:
        config.add_cleanup(ImportHook(selection(packages)).uninstall)
    hook = _rewriting_hook()
    if hook is None:  # --assert=plain
        config.add_cleanup(ImportHook(_test_files(config)).uninstall)
    else:
        from lwtsyntax.importhook.asserting import extend

        extend(hook, config)


def _packages(config: pytest.Config) -> list[str]:
    named: list[str] | None = config.getini("lwtsyntax_packages")
    if named:
        return named
    from lwtsyntax.importhook.settings import SettingsError, project_packages

    try:
        return project_packages(config.rootpath) or []
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None


def _rewriting_hook() -> Any:
    from _pytest.assertion.rewrite import AssertionRewritingHook

    return next((each for each in sys.meta_path if isinstance(each, AssertionRewritingHook)), None)


def _test_files(config: pytest.Config) -> Selection:
    """The modules that pytest would rewrite, where it does not."""
    from lwtsyntax.importhook.asserting import is_test_file
    from lwtsyntax.importhook.selecting import OwnCode

    class TestFiles(OwnCode):
        def selects(self, name: str, origin: str) -> bool:
            return is_test_file(origin, config) and super().selects(name, origin)

    return TestFiles()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Test modules in keyword spelling: ``test_x.lwt``, or whatever is named."""
    if file_path.suffix != ".lwt":
        return None
    from lwtsyntax.importhook.asserting import is_test_file

    if not parent.session.isinitpath(file_path) and not is_test_file(str(file_path), parent.config):
        return None
    return pytest.Module.from_parent(parent, path=file_path)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, None, None]:
    if "lwtsyntax.runtime" not in sys.modules:
        yield
        return
    from lwtsyntax.runtime.testing import fresh_loop

    with fresh_loop():
        yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, None, None]:
    # hypothesis calls the test many times, and wants None from it
    holder, name = pyfuncitem, "obj"
    if hasattr(pyfuncitem.obj, "hypothesis"):
        holder, name = pyfuncitem.obj.hypothesis, "inner_test"
    function = getattr(holder, name)
    if "lwtsyntax.runtime" not in sys.modules or _is_foreign(function):
        yield
        return
    setattr(holder, name, _waited_for(function))
    try:
        yield
    finally:
        setattr(holder, name, function)


def _is_foreign(function: Any) -> bool:
    """Whether another plugin's loop runs it."""
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def _waited_for(function: Callable[..., Any]) -> Callable[..., Any]:
    """*function*, with the main loop run until the promise it returns, if it does, is resolved."""

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        result = function(*arguments, **named)
        runtime = sys.modules["lwtsyntax.runtime"]
        return runtime.run(result) if isinstance(result, runtime.Promise) else result

    return call
