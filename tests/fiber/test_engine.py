"""One source, two engines: `install(engine="fiber")` and `lwtsyntax run --engine fiber`."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lwtsyntax
from lwtsyntax import runtime as Lwt
from lwtsyntax.pipeline import transform

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = '''\
"""Says what it runs on."""
from __future__ import annotations
from lwtsyntax import for_lwt, lwt, runtime as Lwt


def engine():
    try:
        from lwtsyntax.fiber import in_fiber
    except ImportError:
        return "binds"
    return "fiber" if in_fiber() else "binds"


@lwt
def value(n):
    lwt(Lwt.pause())
    return n


@lwt
def main():
    total = 0
    for n in for_lwt(range(4)):
        total += lwt(value(n))
    return total, engine()
'''
PRINTING = f"{PROGRAM}\n\nif __name__ == '__main__':\n    print(*Lwt.run(main()))\n"


def run(*arguments: str, cwd: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "cli")])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd, env={**os.environ, "PYTHONPATH": path}, input=text,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def imported(name: str) -> object:
    sys.modules.pop(name, None)
    importlib.invalidate_caches()
    try:
        return Lwt.run(importlib.import_module(name).main())
    finally:
        del sys.modules[name]


def test_the_hook_runs_one_source_on_either_engine(folder: Path) -> None:
    (folder / "two_engines.py").write_text(PROGRAM)
    for _ in range(2):  # the second time from the cache
        with lwtsyntax.install(["two_engines"], engine="fiber"):
            assert imported("two_engines") == (6, "fiber")
        with lwtsyntax.install(["two_engines"]):
            assert imported("two_engines") == (6, "binds")
    cached = [each.name for each in (folder / "__pycache__").iterdir()]
    assert sum("lwtsyntax" in each for each in cached) == 2


def test_of_two_hooks_the_one_installed_last_counts(folder: Path) -> None:
    (folder / "two_hooks.py").write_text(PROGRAM)
    with lwtsyntax.install(["two_hooks"]):
        with lwtsyntax.install(["two_hooks"], engine="fiber"):
            assert imported("two_hooks") == (6, "fiber")
        assert imported("two_hooks") == (6, "binds")


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="engine is one of binds, fiber, not 'thread'"):
        lwtsyntax.install(["app"], engine="thread")  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["binds", "fiber"])
def test_the_command_runs_a_file_a_module_and_standard_input(tmp_path: Path, engine: str) -> None:
    (tmp_path / "prog.py").write_text(PRINTING)
    for last, text in (("prog.py",), None), (("-m", "prog"), None), (("-",), PRINTING):
        done = run("-m", "lwtsyntax", "run", "--engine", engine, *last, cwd=tmp_path, text=text)
        assert (done.stdout, done.stderr) == (f"6 {engine}\n", "")


def test_a_refused_file_is_refused_on_fibers_too(tmp_path: Path) -> None:
    (tmp_path / "prog.py").write_text("from lwtsyntax import lwt\nlwt(1)\n")
    done = run("-m", "lwtsyntax", "run", "--engine", "fiber", "prog.py", cwd=tmp_path)
    assert done.returncode == 1
    assert "LWT010" in done.stderr


def test_spawned_processes_get_the_engine(tmp_path: Path) -> None:
    (tmp_path / "prog.py").write_text(
        f"{PROGRAM}\n\n"
        "def work():\n"
        "    print(*Lwt.run(main()))\n\n\n"
        "if __name__ == '__main__':\n"
        "    import multiprocessing\n"
        "    child = multiprocessing.get_context('spawn').Process(target=work)\n"
        "    child.start()\n"
        "    child.join()\n"
    )
    done = run("-m", "lwtsyntax", "run", "--engine", "fiber", "prog.py", cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("6 fiber\n", "")


def test_a_missing_greenlet_is_named_with_the_command(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['greenlet'] = None\n"
    message = "fibers need greenlet, which is not installed: pip install 'lwtsyntax[fiber]'"
    for code in ("import lwtsyntax.fiber", "import lwtsyntax; lwtsyntax.install(engine='fiber')"):
        done = run("-c", f"{hide}{code}", cwd=tmp_path)
        assert done.stderr.splitlines()[-1] == f"ModuleNotFoundError: {message}"
    (tmp_path / "prog.py").write_text(PROGRAM)
    command = "from lwtsyntax_cli.main import main; main(['run', '--engine', 'fiber', 'prog.py'])"
    done = run("-c", hide + command, cwd=tmp_path)
    assert done.stderr == f"Error: {message}\n"


def test_bind_chains_do_not_import_greenlet(tmp_path: Path) -> None:
    (tmp_path / "prog.py").write_text(f"{PROGRAM}\nimport sys\nprint('greenlet' in sys.modules)\n")
    assert run("-m", "lwtsyntax", "run", "prog.py", cwd=tmp_path).stdout == "False\n"


def test_every_line_stands_where_it_stood() -> None:
    result = transform(PROGRAM, target="fibers")
    assert result.text == PROGRAM
    assert result.tree is not None
    code = compile(result.tree, "<program>", "exec", dont_inherit=True)
    plain = compile(PROGRAM, "<program>", "exec", dont_inherit=True)
    assert code.co_consts[0] == "Says what it runs on."
    assert {line for *_, line in code.co_lines()} == {line for *_, line in plain.co_lines()}
