"""The compiled core: when it is taken, and that its declarations fit the sources."""

import ast
import copy
import inspect
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import weakref
from _thread import interrupt_main
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import source_hash
from itertools import repeat
from operator import length_hint
from pathlib import Path

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.runtime import _core

FOLDER = Path(_core.__file__).parent
DECLARATIONS = sorted(FOLDER.glob("*.pxd"))


@pytest.mark.skipif(
    os.environ.get("LWTSYNTAX_COMPILE", "0") in ("", "0"), reason="was not asked for"
)
def test_the_compiled_core_runs_where_it_was_asked_for():
    assert _core.is_compiled


# Which core is taken.  A module of Python stands for a compiled one.


@pytest.fixture
def package(tmp_path):
    """A copy of the package with a compiled core of one module."""
    target = tmp_path / "lwtsyntax"
    shutil.copytree(
        FOLDER.parent, target, ignore=shutil.ignore_patterns("__pycache__", "_compiled")
    )
    compiled = target / "runtime/_compiled"
    compiled.mkdir()
    source = (target / "runtime/inspecting.py").read_bytes()
    (compiled / "inspecting.py").write_bytes(source + b"\ncompiled = True\n")
    sources = compiled / f"sources{EXTENSION_SUFFIXES[0]}.txt"
    sources.write_text(f"{source_hash(source).hex()} inspecting\n")
    return target


CODE = "from lwtsyntax.runtime import _core, inspecting; print(_core.is_compiled, hasattr(inspecting, 'compiled'))"


def imported(package, **environment):
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=package.parent,
        env={**os.environ, "PYTHONPATH": str(package.parent), **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip(), done.stderr


@pytest.mark.parametrize("switch", ["", "0"])
def test_a_compiled_core_that_fits_is_taken(package, switch):
    assert imported(package, LWTSYNTAX_PURE_PYTHON=switch) == ("True True", "")


def test_the_switch_selects_the_interpreted_core(package):
    assert imported(package, LWTSYNTAX_PURE_PYTHON="1") == ("False False", "")


def test_a_source_that_was_edited_is_never_shadowed(package):
    with open(package / "runtime/inspecting.py", "a") as source:
        source.write("# edited\n")
    output, errors = imported(package, LWTSYNTAX_PURE_PYTHON="0")
    assert output == "False False"
    assert "lwtsyntax.runtime.inspecting has changed since the runtime was compiled" in errors


def test_a_core_for_another_interpreter_is_not_taken(package):
    for path in package.glob("runtime/_compiled/sources*"):
        path.rename(path.with_name("sources.another-interpreter.so.txt"))
    assert imported(package, LWTSYNTAX_PURE_PYTHON="0") == ("False False", "")


# What the declarations say is so: whoever changes a hot module sees it without a compiler.


def definitions(path):
    tree = ast.parse(path.with_suffix(".py").read_text())
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    return functions, classes


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: path.stem)
def test_declared_functions_have_the_parameters_of_their_sources(path):
    functions, _ = definitions(path)
    declared = re.findall(r"^cpdef (?:\w+ )?(\w+)\((.*)\)$", path.read_text(), re.MULTILINE)
    assert declared
    for name, parameters in declared:
        names = [each.split()[-1] for each in parameters.split(", ")] if parameters else []
        source = functions[name].args
        optional = len(source.args) - len(source.defaults)
        assert names == [
            each.arg + ("=*" if i >= optional else "") for i, each in enumerate(source.args)
        ]


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: path.stem)
def test_declared_locals_are_there(path):
    functions, _ = definitions(path)
    found = re.findall(
        r"^@cython\.locals\((.*)\)\ncpdef (?:\w+ )?(\w+)\(", path.read_text(), re.MULTILINE
    )
    for declared, name in found:
        names = {each.partition("=")[0] for each in declared.split(", ")}
        nodes = ast.walk(functions[name])
        assert names <= {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }, name


def test_declared_classes_have_the_fields_of_their_sources():
    for path in DECLARATIONS:
        _, classes = definitions(path)
        for name, body in re.findall(
            r"^cdef class (\w+):\n((?:    .+\n)+)", path.read_text(), re.MULTILINE
        ):
            slots = next(
                ast.literal_eval(node.value)
                for node in classes[name].body
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__slots__"
            )
            assert sorted(re.findall(r"(\w+)$", body, re.MULTILINE)) == sorted(slots)


# What the two cores have in common beside what they do.


def test_functions_look_the_same_to_inspect():
    code = (
        "import inspect; from lwtsyntax import runtime as Lwt\n"
        "for name in sorted(Lwt.__all__):\n"
        "    value = getattr(Lwt, name)\n"
        "    if inspect.isroutine(value) or callable(value) and hasattr(value, '__code__'):\n"
        "        print(name, inspect.signature(value), value.__module__, inspect.getdoc(value))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "LWTSYNTAX_PURE_PYTHON": switch},
            check=True,
            capture_output=True,
        ).stdout
        for switch in ("0", "1")
    }
    assert len(outputs) == 1
    assert b"bind (p: " in outputs.pop()


def test_a_promise_takes_a_type_when_the_program_runs():
    assert Lwt.Promise[int].__args__ == (int,)
    assert Lwt.Promise[int].__origin__ is Lwt.Promise
    assert inspect.isclass(Lwt.Promise)


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_fulfilled_promise_can_be_copied(copied):
    p = copied(Lwt.return_("a value"))
    assert Lwt.run(p) == "a value"
    assert type(p) is Lwt.Promise


def test_a_promise_that_holds_a_function_cannot_be_pickled():
    with pytest.raises((AttributeError, pickle.PicklingError), match="local object"):
        pickle.dumps(Lwt.map(Lwt.pause(), lambda _: None))


def test_a_promise_has_no_attributes_but_its_own():
    p = Lwt.return_("a value")
    with pytest.raises(AttributeError):
        p.another = 1
    assert weakref.ref(p)() is p


@pytest.mark.parametrize("kind", ["for_each", "while_"])
def test_loops_that_run_no_python_can_be_interrupted(kind):
    rounds = repeat(signal.SIGINT, 1000)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest-xdist ignores it
    try:
        with pytest.raises(KeyboardInterrupt):
            if kind == "for_each":
                Lwt.for_each(rounds, interrupt_main)
            else:
                Lwt.while_(rounds.__next__, interrupt_main)
    finally:
        signal.signal(signal.SIGINT, before)
    assert length_hint(rounds) >= 998
