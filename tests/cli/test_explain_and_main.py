"""``lwtsyntax explain``, ``--version``, ``--help`` and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cli_support import environment
from conftest import Invoke, Subprocess

import lwtsyntax
from lwtsyntax.diagnostics import CODES
from lwtsyntax.runtime._core import is_compiled


@pytest.mark.parametrize("code", ["LWT010", "lwt010", "010", "10"])
def test_explain_shows_the_page_as_plain_text(invoke: Invoke, code: str) -> None:
    result = invoke("explain", code)
    assert result.exit_code == 0
    assert result.stdout.startswith("LWT010: ")
    assert "    @lwt\n    def total(get):\n" in result.stdout
    assert "```" not in result.stdout


@pytest.mark.parametrize("code", CODES)
def test_explain_knows_every_code(invoke: Invoke, code: str) -> None:
    result = invoke("explain", code)
    assert result.stdout.startswith(f"{code}: ")
    assert "<!--" not in result.stdout


def test_explain_without_a_code_lists_all(invoke: Invoke) -> None:
    lines = invoke("explain").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(CODES)


@pytest.mark.parametrize(
    ("code", "message"),
    [("LWT01", "did you mean LWT0"), ("LVT022", "LWT022"), ("nonsense", "lists them all")],
)
def test_an_unknown_code_exits_2_with_close_ones(invoke: Invoke, code: str, message: str) -> None:
    result = invoke("explain", code)
    assert result.exit_code == 2
    assert message in result.stderr


def test_version(command: Subprocess) -> None:
    core = "compiled" if is_compiled else "pure Python"
    expected = f"lwtsyntax, version {lwtsyntax.__version__} (runtime: {core})\n"
    assert command("--version").stdout.decode() == expected


def test_version_says_when_the_interpreted_core_is_asked_for(
    command: Subprocess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LWTSYNTAX_PURE_PYTHON", "1")
    assert command("--version").stdout.decode().endswith("(runtime: pure Python)\n")


@pytest.mark.parametrize("arguments", [(), ("transform",), ("run",), ("explain",)])
def test_help(command: Subprocess, arguments: tuple[str, ...]) -> None:
    done = command(*arguments, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(b"Usage: python -m lwtsyntax")
    assert command(*arguments, "-h").stdout == done.stdout


@pytest.mark.parametrize("module", ["lwtsyntax", "lwtsyntax.runtime", "lwtsyntax.diagnostics"])
def test_an_import_loads_nothing_heavy(module: str) -> None:
    heavy = {"libcst", "click", "black", "asyncio"}
    code = f"import sys, {module}; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_the_runtime_and_all_public_names_can_be_imported() -> None:
    from lwtsyntax import runtime

    assert runtime is sys.modules["lwtsyntax.runtime"]
    assert set(lwtsyntax.__all__) <= set(dir(lwtsyntax))
    for name in lwtsyntax.__all__:
        assert getattr(lwtsyntax, name) is not None
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        lwtsyntax.nothing_of_the_kind  # noqa: B018 (the access is the test)
