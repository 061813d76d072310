"""Who may import whom: the table of ARCHITECTURE.md, held against every module's own text."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A row: the modules it speaks of (a name, or everything below a name that ends in a dot), and what
# they may import besides the standard library and themselves.  The first row that fits counts.
TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lwtsyntax.runtime.", ("lwtsyntax.runtime.",)),
    ("lwtsyntax.fiber.", ("lwtsyntax.fiber.", "lwtsyntax.runtime.", "greenlet")),
    ("lwtsyntax.coroutines", ()),
    ("lwtsyntax.names", ()),
    ("lwtsyntax.diagnostics", ()),
    ("lwtsyntax.markers", ("lwtsyntax.names", "lwtsyntax.diagnostics")),
    ("lwtsyntax.ir.", ("lwtsyntax.names", "lwtsyntax.diagnostics", "lwtsyntax.ir.")),
    # the registry lists the constructs
    ("lwtsyntax.lowerings", ("lwtsyntax.names", "lwtsyntax.ir.", "lwtsyntax.lowerings.")),
    (
        "lwtsyntax.lowerings.",
        ("lwtsyntax.names", "lwtsyntax.diagnostics", "lwtsyntax.ir.", "lwtsyntax.lowerings._"),
    ),
    (
        "lwtsyntax.passes.lower",
        ("lwtsyntax.names", "lwtsyntax.diagnostics", "lwtsyntax.ir.", "lwtsyntax.lowerings."),
    ),
    (
        "lwtsyntax.passes.format_output",
        (
            "lwtsyntax.diagnostics",
            "lwtsyntax.ir.",
            "lwtsyntax.passes.format_output.",
            "black",
            "black.mode",
        ),
    ),
    (
        "lwtsyntax.passes.",
        ("lwtsyntax.names", "lwtsyntax.markers", "lwtsyntax.diagnostics", "lwtsyntax.ir."),
    ),
    (
        "lwtsyntax.analysing",
        ("lwtsyntax.passes.", "lwtsyntax.ir.", "lwtsyntax.diagnostics", "lwtsyntax.keywords"),
    ),
    (
        "lwtsyntax.pipeline",
        ("lwtsyntax.passes.", "lwtsyntax.ir.", "lwtsyntax.diagnostics", "lwtsyntax.names")
        + ("lwtsyntax.keywords", "lwtsyntax.respelling", "lwtsyntax.results")
        + ("lwtsyntax.analysing",),
    ),
    (
        "lwtsyntax.expanding",
        ("lwtsyntax.pipeline", "lwtsyntax.analysing", "lwtsyntax.results", "lwtsyntax.passes.")
        + ("lwtsyntax.ir.", "lwtsyntax.diagnostics"),
    ),
    ("lwtsyntax.results", ("lwtsyntax.ir.", "lwtsyntax.diagnostics")),
    (
        "lwtsyntax.respelling",
        ("lwtsyntax.passes.", "lwtsyntax.ir.", "lwtsyntax.keywords", "lwtsyntax.results"),
    ),
    ("lwtsyntax.spellings", ("lwtsyntax.pipeline",)),
    (
        "lwtsyntax.keywords",
        ("lwtsyntax.names", "lwtsyntax.markers", "lwtsyntax.diagnostics", "lwtsyntax.ir.")
        + ("lwtsyntax.keywords.",),
    ),
    (
        "lwtsyntax.keywords.",
        ("lwtsyntax.names", "lwtsyntax.markers", "lwtsyntax.diagnostics", "lwtsyntax.ir.")
        + ("lwtsyntax.keywords.",),
    ),
    ("lwtsyntax.source_map", ("lwtsyntax.pipeline", "lwtsyntax.ir.")),
    (
        "lwtsyntax.compiling.",
        ("lwtsyntax.compiling.", "lwtsyntax.pipeline", "lwtsyntax.ir.", "lwtsyntax.names"),
    ),
    # the one part of the hook that may: a warm start imports neither
    (
        "lwtsyntax.importhook.lowering",
        ("lwtsyntax.compiling", "lwtsyntax.pipeline", "lwtsyntax.diagnostics")
        + ("lwtsyntax.keywords", "lwtsyntax.importhook.errors", "lwtsyntax.importhook.selecting"),
    ),
    (
        "lwtsyntax.importhook.asserting",
        ("lwtsyntax.importhook.", "pytest", "_pytest."),
    ),
    (
        "lwtsyntax.importhook.",
        (
            "lwtsyntax.importhook.",
            "lwtsyntax.diagnostics",
            "lwtsyntax",
            "lwtsyntax.fiber.greenlets",
        ),
    ),
    (
        "lwtsyntax.pytest_plugin",
        ("lwtsyntax.importhook.", "lwtsyntax.runtime", "lwtsyntax.runtime.testing")
        + ("pytest", "_pytest."),
    ),
    ("lwtsyntax.codemod", ("lwtsyntax.pipeline", "lwtsyntax.diagnostics", "libcst.")),
    ("lwtsyntax.__main__", ("lwtsyntax_cli.main",)),
    (
        "lwtsyntax",
        ("lwtsyntax.pipeline", "lwtsyntax.markers", "lwtsyntax.diagnostics", "lwtsyntax.results")
        + ("lwtsyntax.importhook.", "lwtsyntax.spellings"),
    ),
    (
        "lwtsyntax_cli.",
        ("lwtsyntax", "lwtsyntax.pipeline", "lwtsyntax.diagnostics", "lwtsyntax.importhook.")
        + ("lwtsyntax.compiling", "lwtsyntax.source_map", "lwtsyntax.runtime.source_maps")
        + ("lwtsyntax.runtime._core", "lwtsyntax.ir.modules", "lwtsyntax.keywords")
        + ("lwtsyntax_cli.", "lwtsyntax_lsp.server")
        + ("click", "platformdirs"),
    ),
    (
        "lwtsyntax_lsp.",
        ("lwtsyntax", "lwtsyntax.analysing", "lwtsyntax.expanding", "lwtsyntax.pipeline")
        + ("lwtsyntax.diagnostics", "lwtsyntax.markers")
        + ("lwtsyntax.ir.modules", "lwtsyntax.ir.comparing", "lwtsyntax.ir.tree", "lwtsyntax_lsp.")
        + ("pygls.", "lsprotocol", "attrs"),
    ),
)

# Types may look upwards: nothing is imported when the program runs.
TYPES_ONLY = {"lwtsyntax.markers": ("lwtsyntax.runtime",)}


def _modules() -> dict[str, Path]:
    found = {}
    for top in (ROOT / "lwtsyntax", ROOT / "cli" / "lwtsyntax_cli", ROOT / "cli" / "lwtsyntax_lsp"):
        for path in sorted(top.rglob("*.py")):
            parts = path.relative_to(top.parent).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = _modules()


def _fits(name: str, pattern: str) -> bool:
    if pattern.endswith((".", "_")):
        return name.startswith(pattern) or name == pattern.removesuffix(".")
    return name == pattern


def _imports(module: str, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """The modules that *nodes* name, absolute; ``from package import submodule`` names the latter."""
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            inner = {f"{base}.{alias.name}" for alias in node.names} & MODULES.keys()
            yield from inner
            if len(inner) < len(node.names):
                yield base


def _is_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _walk(node: ast.AST, *, types: bool) -> Iterator[ast.AST]:
    """The nodes below *node* that stand under ``if TYPE_CHECKING:``, or those that do not."""
    for child in ast.iter_child_nodes(node):
        if _is_types_only(child):
            if types:
                yield from ast.walk(child)
            continue
        if not types:
            yield child
        yield from _walk(child, types=types)


def _foreign(module: str, *, types: bool = False) -> set[str]:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    found = set(_imports(module, _walk(tree, types=types)))
    return {each for each in found if each.partition(".")[0] not in sys.stdlib_module_names}


def _pass_of(module: str) -> str:
    """A pass, or a construct, is one file or one package: its name down to the third part."""
    return ".".join(module.split(".")[:3])


def _row(module: str) -> tuple[str, ...]:
    return next(allowed for pattern, allowed in TABLE if _fits(module, pattern))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_the_table_allows(module: str) -> None:
    allowed = _row(module)
    for name in _foreign(module):
        own = name.startswith(f"{_pass_of(module)}.") and module.count(".") >= 2
        assert own or any(_fits(name, each) for each in allowed), f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES)
def test_types_come_from_where_the_table_allows_too(module: str) -> None:
    allowed = (*_row(module), *TYPES_ONLY.get(module, ()))
    for name in _foreign(module, types=True):
        own = name.startswith(f"{_pass_of(module)}.") and module.count(".") >= 2
        assert own or any(_fits(name, each) for each in allowed), f"{module} imports {name}"


def test_the_modules_of_the_runtime_import_downwards_only() -> None:
    graph = {}
    for module, path in MODULES.items():
        if module.startswith("lwtsyntax.runtime."):
            top = iter(ast.parse(path.read_text(encoding="utf-8")).body)
            names = set(_imports(module, top)) & MODULES.keys()
            graph[module] = names - {"lwtsyntax.runtime"}
    assert list(TopologicalSorter(graph).static_order())


def test_the_table_has_no_row_twice_and_the_checker_sees_a_breach() -> None:
    patterns = [pattern for pattern, _ in TABLE]
    assert len(patterns) == len(set(patterns))
    assert any(
        _fits("lwtsyntax.lowerings._helpers", each) for each in _row("lwtsyntax.lowerings.lwt")
    )
    for module, breach in {
        "lwtsyntax.lowerings.lwt": "lwtsyntax.lowerings.for_lwt",
        "lwtsyntax.passes.optimise": "lwtsyntax.passes.splice",
        "lwtsyntax.runtime.promise": "lwtsyntax.names",
        "lwtsyntax.pipeline": "libcst",
    }.items():
        assert not any(_fits(breach, each) for each in _row(module))


def test_the_parts_stand_where_the_architecture_says() -> None:
    for place in (
        "lwtsyntax/py.typed",
        "lwtsyntax/markers.py",
        "lwtsyntax/analysing.py",
        "lwtsyntax/pipeline.py",
        "lwtsyntax/names.py",
        "lwtsyntax/runtime/__init__.py",
        "lwtsyntax/coroutines.py",
        "lwtsyntax/passes/find_markers/walk.py",
        "lwtsyntax/lowerings/for_lwt.py",
        "lwtsyntax/explanations/LWT010.md",
        "cli/lwtsyntax_cli/main.py",
        "cli/lwtsyntax_lsp/server.py",
        "tests/fixtures",
    ):
        assert (ROOT / place).exists()
    assert not (ROOT / "cli" / "__init__.py").exists(), "cli/ is a folder, not a package"
