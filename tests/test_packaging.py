"""What ``pip install .`` and ``pip install -e .`` put where."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import lwtsyntax
from lwtsyntax.diagnostics import CODES

ROOT = Path(__file__).resolve().parents[1]


def _build(kind: str, folder: Path) -> zipfile.ZipFile:
    """The wheel that pip would build; *kind* is ``wheel`` or ``editable``."""
    code = f"import hatchling.build as b; b.build_{kind}({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return _build("wheel", tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_two_packages_and_nothing_else_on_top(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    metadata = f"lwtsyntax-{lwtsyntax.__version__}.dist-info"
    assert tops == {"lwtsyntax", "lwtsyntax_cli", metadata}


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


def test_an_editable_install_finds_both_packages(tmp_path: Path) -> None:
    built = _build("editable", tmp_path)
    [name] = [name for name in built.namelist() if name.endswith(".pth")]
    places = built.read(name).decode().split()
    assert {Path(place).resolve() for place in places} == {ROOT, ROOT / "cli"}
