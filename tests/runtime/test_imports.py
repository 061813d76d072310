"""What importing the runtime brings in, and what it may import."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import lwtsyntax.runtime
from lwtsyntax import runtime as Lwt

FOLDER = Path(lwtsyntax.runtime.__file__).parent


def test_import_brings_in_nothing_heavy():
    code = "import sys, json, lwtsyntax.runtime; print(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    loaded = set(json.loads(result.stdout))
    heavy = {
        "ast",
        "asyncio",
        "dataclasses",
        "inspect",
        "concurrent.futures",
        "logging",
        "traceback",
        "libcst",
        "click",
        "black",
        "ssl",
    }
    assert not heavy & loaded
    assert not [name for name in loaded if name.startswith("lwtsyntax.passes")]


def test_threads_run_while_asyncio_is_being_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncio", ModuleType("asyncio"))
    paused = Lwt.bind(Lwt.pause(), lambda _: Lwt.fail(KeyError))
    assert Lwt.run(Lwt.catch(lambda: paused, lambda error: Lwt.return_(type(error)))) is KeyError
    Lwt.fail(KeyError)  # is reported
    assert Lwt.run(Lwt.return_(1)) == 1


def test_only_the_standard_library_is_imported():
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names, f"{path.name}: {name}"


def test_every_public_name_is_there_and_documented():
    for name in lwtsyntax.runtime.__all__:
        value = getattr(lwtsyntax.runtime, name)
        if callable(value) and type(value).__module__ == "builtins" and name != "AnyError":
            assert value.__doc__, name
