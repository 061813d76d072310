"""What ``pip install .`` and ``pip install -e .`` put where."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import lwtsyntax
from lwtsyntax.diagnostics import CODES

ROOT = Path(__file__).resolve().parents[1]

needs_cython = pytest.mark.skipif(
    find_spec("Cython") is None or find_spec("setuptools") is None, reason="needs Cython"
)


def _build(kind: str, folder: Path, **environment: str) -> tuple[Path, str]:
    """The wheel that pip would build, and the log; *kind* is ``wheel`` or ``editable``."""
    code = f"import hatchling.build as b; b.build_{kind}({str(folder)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    [path] = folder.glob("*.whl")
    return path, done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    path, _ = _build("wheel", tmp_path_factory.mktemp("wheel"), LWTSYNTAX_PURE_PYTHON="1")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_three_packages_and_nothing_else_on_top(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    metadata = f"lwtsyntax-{lwtsyntax.__version__}.dist-info"
    assert tops == {"lwtsyntax", "lwtsyntax_cli", "lwtsyntax_lsp", metadata}


def test_the_wheel_holds_every_module_and_every_page(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for top in (ROOT, ROOT / "cli"):
        for path in [*top.glob("lwtsyntax*/**/*.py")]:
            assert path.relative_to(top).as_posix() in names
    assert {f"lwtsyntax/explanations/{code}.md" for code in CODES} <= names
    assert "lwtsyntax/py.typed" in names


def test_the_wheel_names_its_command_and_its_version(wheel: zipfile.ZipFile) -> None:
    metadata = f"lwtsyntax-{lwtsyntax.__version__}.dist-info"
    assert b"lwtsyntax = lwtsyntax_cli.main:main" in wheel.read(f"{metadata}/entry_points.txt")
    assert f"Version: {lwtsyntax.__version__}\n".encode() in wheel.read(f"{metadata}/METADATA")


def test_the_wheel_works_from_a_place_of_its_own(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    (tmp_path / "a.py").write_text(
        "from lwtsyntax import lwt\n@lwt\ndef f(g):\n    return lwt(g())\n"
    )
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from lwtsyntax_cli.main import main; main()"
    for arguments in (["explain", "LWT010"], ["transform", str(tmp_path / "a.py")]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, check=True
        )
        assert done.stdout


def test_an_editable_install_finds_all_packages(tmp_path: Path) -> None:
    path, _ = _build("editable", tmp_path, LWTSYNTAX_COMPILE="0")
    built = zipfile.ZipFile(path)
    [name] = [name for name in built.namelist() if name.endswith(".pth")]
    places = built.read(name).decode().split()
    assert {Path(place).resolve() for place in places} == {ROOT, ROOT / "cli"}


# The compiled core.

PURE = "py3-none-any"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"LWTSYNTAX_PURE_PYTHON": "1"}, "LWTSYNTAX_PURE_PYTHON is set"),
        (
            {"LWTSYNTAX_PURE_PYTHON": "0", "CC": "a-compiler-that-is-not-there"},
            "there is no C compiler (a-compiler-that-is",
        ),
    ],
)
def test_a_build_that_compiles_nothing_says_why(
    environment: dict[str, str], reason: str, tmp_path: Path
) -> None:
    path, log = _build("wheel", tmp_path, **environment)
    assert path.stem.endswith(PURE)
    assert f"the runtime stays pure Python: {reason}" in log


@pytest.mark.skipif(sys.platform == "win32", reason="a compiler that is a shell script")
@needs_cython
def test_a_build_whose_compiler_fails_says_what_it_said(tmp_path: Path) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text("#!/bin/sh\necho it is broken >&2\nexit 1\n")
    compiler.chmod(0o755)
    path, log = _build("wheel", tmp_path, LWTSYNTAX_PURE_PYTHON="0", CC=str(compiler))
    assert path.stem.endswith(PURE)
    assert "the runtime stays pure Python: it does not compile" in log
    assert "it is broken" in log


@needs_cython
def test_a_compiled_core_is_taken_from_the_wheel(tmp_path: Path) -> None:
    path, _ = _build("wheel", tmp_path, LWTSYNTAX_PURE_PYTHON="0")
    assert sysconfig.get_platform().replace("-", "_").replace(".", "_") in path.stem
    zipfile.ZipFile(path).extractall(tmp_path / "site")
    code = "from lwtsyntax.runtime import Promise, _core, bind; print(_core.is_compiled, bind.__code__)"
    for switch, expected in (("0", "True"), ("1", "False")):
        environment = {
            **os.environ,
            "PYTHONPATH": str(tmp_path / "site"),
            "LWTSYNTAX_PURE_PYTHON": switch,
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        assert done.stdout.split()[0] == expected
