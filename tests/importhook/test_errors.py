"""A source that is refused, or doubtful: what the interpreter shows."""

from __future__ import annotations

import importlib
import pickle
import sys
import warnings
from pathlib import Path

import pytest

import lwtsyntax
from lwtsyntax.importhook import lowering

from .hook_support import MARKED, Package, cached, python, write

REFUSED = "from lwtsyntax import lwt\n\n\ndef f(g):\n    été = lwt(g())\n    return lwt(été)\n"


def refusal(name: str = "work") -> SyntaxError:
    with lwtsyntax.install([name]), pytest.raises(SyntaxError) as caught:
        importlib.import_module(name)
    return caught.value


def test_a_refused_source_is_a_syntax_error_with_its_place(package: Package) -> None:
    root = package({"work.py": REFUSED})
    error = refusal()
    assert isinstance(error, lwtsyntax.TransformError)
    assert (error.filename, error.lineno, error.offset) == (str(root / "work.py"), 5, 11)
    assert (error.end_lineno, error.end_offset, error.text) == (5, 19, "    été = lwt(g())")
    assert error.code == "LWT010" and error.msg.startswith("LWT010 ")
    assert error.hint and error.__notes__[0] == f"hint: {error.hint}"
    assert [each.line for each in error.diagnostics] == [5, 6]
    assert f"{root / 'work.py'}:6:12: LWT010" in error.__notes__[1]
    assert "work" not in sys.modules
    assert not cached(root)


def test_the_error_travels_between_processes(package: Package) -> None:
    package({"work.py": REFUSED})
    error = refusal()
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is lwtsyntax.TransformError
    assert (copy.args, copy.lineno, copy.code, copy.__notes__) == (
        (error.args, 5, "LWT010", error.__notes__)
    )  # fmt: skip


def test_the_interpreter_shows_the_line(tmp_path: Path) -> None:
    write(tmp_path, {"work.py": REFUSED})
    code = "import lwtsyntax; lwtsyntax.install(['work']); import work"
    shown = python(cwd=tmp_path, code=code, check=False).stderr.splitlines()
    place = shown.index(f'  File "{tmp_path / "work.py"}", line 5')
    assert shown[place + 1] == "    été = lwt(g())"
    # older interpreters underline the whole span for SyntaxError itself only
    assert shown[place + 2] in ("          ^", "          ^^^^^^^^")
    assert shown[place + 3].startswith("lwtsyntax.TransformError: LWT010 ")
    assert shown[place + 4].startswith("hint: ")


@pytest.mark.parametrize("text", [REFUSED, "from lwtsyntax import lwt\nx = = 1\n"])
def test_no_frame_stands_between_the_import_and_the_line(tmp_path: Path, text: str) -> None:
    write(
        tmp_path,
        {"work.py": text, "main.py": "import lwtsyntax\nlwtsyntax.install()\nimport work\n"},
    )
    shown = python("main.py", cwd=tmp_path, check=False).stderr.splitlines()
    files = [line.split(", ")[0] for line in shown if line.startswith("  File ")]
    assert files == [f'  File "{tmp_path / name}"' for name in ("main.py", "work.py")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("from lwtsyntax import lwt\nx = = 1\n", SyntaxError),
        ("from lwtsyntax import lwt\nif 1:\npass\n", IndentationError),
    ],
)
def test_what_is_no_python_is_the_interpreters_error(
    package: Package, text: str, kind: type[SyntaxError]
) -> None:
    root = package({"work.py": text})
    error = refusal()
    with pytest.raises(SyntaxError) as native:
        compile(text, str(root / "work.py"), "exec")
    assert type(error) is kind
    assert error.args == native.value.args


def test_a_source_that_is_not_utf_8_is_refused(package: Package) -> None:
    root = package({"work.py": ""})
    (root / "work.py").write_bytes(b"# coding: latin-1\nfrom lwtsyntax import lwt\nx = '\xe9'\n")
    error = refusal()
    assert isinstance(error, lwtsyntax.TransformError)
    assert (error.code, error.lineno) == ("LWT002", 3)


def test_a_failure_of_the_transformer_says_so(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    package({"work.py": MARKED})

    def fail(*_: object, **__: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(lowering, "transform_bytes", fail)
    with lwtsyntax.install(["work"]), pytest.raises(ZeroDivisionError) as caught:
        importlib.import_module("work")
    assert "please report it" in caught.value.__notes__[0]


FORGOTTEN = MARKED + "\n\n@lwt\ndef main():\n    double(1)\n    return lwt(double(2))\n"


@pytest.fixture
def doubtful(package: Package) -> Path:
    """A module that the transformer warns about."""
    return package({"work.py": FORGOTTEN}) / "work.py"


def test_a_warning_names_its_line(doubtful: Path) -> None:
    with lwtsyntax.install(["work"]):
        with pytest.warns(lwtsyntax.TransformWarning, match="LWT030 .*hint: ") as seen:
            importlib.import_module("work")
        importlib.reload(sys.modules["work"])  # from the cache, without another word
    assert [(each.filename, each.lineno) for each in seen] == [(str(doubtful), 13)]


def test_a_warning_that_is_an_error_has_a_place(doubtful: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", lwtsyntax.TransformWarning)
        error = refusal()
    assert isinstance(error, lwtsyntax.TransformError)
    assert (error.lineno, error.code) == (13, "LWT030")
    assert not cached(doubtful.parent)


def test_a_refused_source_is_an_error_for_what_refuses_it(package: Package) -> None:
    package({"work.py": FORGOTTEN + "\n\ndef f(g):\n    return lwt(g())\n"})
    error = refusal()
    assert isinstance(error, lwtsyntax.TransformError)
    assert error.code == "LWT010"


def test_the_interpreters_own_warnings_come_once(tmp_path: Path) -> None:
    write(tmp_path, {"work.py": MARKED + "    return n is 2\n\n\nafter = '\\d'\n"})
    code = "import lwtsyntax; lwtsyntax.install(['work']); import work"
    shown = python("-Wdefault", cwd=tmp_path, code=code).stderr
    native = python("-Wdefault", "work.py", cwd=tmp_path).stderr
    assert shown.count("Warning") == native.count("Warning") == 2
    lines = [line for line in shown.splitlines() if "Warning" in line]
    assert [line.split(":")[1] for line in lines] == ["12", "9"]
    assert not python("-Wdefault", cwd=tmp_path, code=code).stderr, "a warm start is silent"
