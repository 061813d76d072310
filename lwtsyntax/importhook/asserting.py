"""Under pytest: modules whose ``assert`` statements pytest rewrites, lowered first.

pytest has an import hook of its own, which finds the test modules, rewrites their syntax trees and keeps the code.
Where a test module mentions the package, our loader takes its place: it lowers the source, hands the tree, whose nodes
stand where they stood in the source, to pytest's rewriter, and keeps the code under a tag of both.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import PurePath
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from lwtsyntax.importhook.finder import lower
from lwtsyntax.importhook.keywords import KeywordPath
from lwtsyntax.importhook.loaders import SUFFIX, LoweringLoader
from lwtsyntax.importhook.selecting import is_transformer

if TYPE_CHECKING:
    import pytest
    from _pytest.assertion.rewrite import AssertionRewritingHook

__all__ = ["AssertingLoader", "extend", "is_test_file"]


def extend(hook: AssertionRewritingHook, config: pytest.Config) -> None:
    """Have pytest's *hook* give our loader to the modules that it rewrites and that mention the package."""
    find_spec = hook.find_spec
    files = KeywordPath()

    def find_lowered(
        name: str, path: Sequence[str | bytes] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = find_spec(name, path, target)
        keywords = files.find(name, path, spec)  # type: ignore[arg-type]
        if keywords is not None and keywords.origin and is_test_file(keywords.origin, config):
            spec, keywords.loader = keywords, hook
        if spec is None or spec.origin is None or spec.loader is not hook:
            return spec
        if not is_transformer(name):  # pytest rewrites the modules of every plugin, so also our own
            lower(spec, AssertingLoader(name, spec.origin, config))
        return spec

    hook.find_spec = find_lowered  # type: ignore[method-assign]
    config.add_cleanup(lambda: delattr(hook, "find_spec"))


def is_test_file(origin: str, config: pytest.Config) -> bool:
    """Whether pytest would rewrite a module of that file, be it in keyword spelling."""
    stem, suffix = os.path.splitext(origin)
    path = PurePath(f"{stem}.py" if suffix == SUFFIX else origin)
    return any(path.match(each) for each in ("conftest.py", *config.getini("python_files")))


class AssertingLoader(LoweringLoader):
    """Loads a test module, lowered and with pytest's assertions."""

    def __init__(self, name: str, path: str, config: pytest.Config) -> None:
        super().__init__(name, path)
        import pytest
        from _pytest.assertion import rewrite

        self._config = config
        self._rewrite = rewrite.rewrite_asserts
        version = "".join(each for each in pytest.__version__ if each.isalnum())
        passes = "P" if config.getini("enable_assertion_pass_hook") else ""
        self.variant += f"pytest{version}{passes}"

    def source_to_code(  # type: ignore[override]
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> CodeType:
        from lwtsyntax.importhook import lowering

        path = os.fsdecode(path)

        def rewrite(tree: ast.Module) -> None:
            self._rewrite(tree, data, path, self._config)

        code = lowering.lower(data, path, rewrite)
        if code is None:
            tree = ast.parse(data, path)
            rewrite(tree)
            code = compile(tree, path, "exec", dont_inherit=True)
        return code
