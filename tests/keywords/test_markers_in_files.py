"""In a .lwt file the markers are there without an import, for waits inside expressions."""

from __future__ import annotations

import textwrap

import pytest

from lwtsyntax.ir.source import Source
from lwtsyntax.keywords import read_keywords
from lwtsyntax.pipeline import transform

SPELLED = {
    "a wait in an expression": (
        """
        def f():
            return lwt(g()) + 1
        """,
        """
        from lwtsyntax import lwt


        @lwt
        def f():
            return lwt(g()) + 1
        """,
    ),
    "beside a keyword": (
        """
        import m

        def f():
            lwt x = m.g()
            return [lwt(m.g(x)) for y in for_lwt(x)]
        """,
        """
        import m
        from lwtsyntax import for_lwt, lwt

        @lwt
        def f():
            x = lwt(m.g())
            return [lwt(m.g(x)) for y in for_lwt(x)]
        """,
    ),
    "an arm with brackets": (
        """
        def f():
            match_lwt g():
                case exception(KeyError() | OSError()):
                    pass
        """,
        """
        from lwtsyntax import exception, lwt, match_lwt


        @lwt
        def f():
            match match_lwt(g()):
                case exception(KeyError() | OSError()):
                    pass
        """,
    ),
    "a function inside a function": (
        """
        def outer():
            def inner():
                return -lwt(g())

            return inner
        """,
        """
        from lwtsyntax import lwt


        def outer():
            @lwt
            def inner():
                return -lwt(g())

            return inner
        """,
    ),
    "a lambda, which is a thread itself": (
        "def f():\n    return lambda: -lwt(g())\n",
        "from lwtsyntax import lwt\n\n\ndef f():\n    return lambda: -lwt(g())\n",
    ),
    "a lambda's default, and a decorator": (
        """
        def f():
            @lwt(g())
            def h():
                pass

            return lambda x=lwt(g()): x
        """,
        """
        from lwtsyntax import lwt


        @lwt
        def f():
            @lwt(g())
            def h():
                pass

            return lambda x=lwt(g()): x
        """,
    ),
    "under a name of the file's own": (
        "from lwtsyntax import lwt as wait\n\ndef f():\n    return -wait(g())\n",
        "from lwtsyntax import lwt as wait\n\n@wait\ndef f():\n    return -wait(g())\n",
    ),
    "a stream": (
        "@lwt_stream\ndef f():\n    yield lwt(g())\n",
        "from lwtsyntax import lwt, lwt_stream\n\n\n@lwt_stream\ndef f():\n    yield lwt(g())\n",
    ),
}


@pytest.mark.parametrize("case", SPELLED)
def test_markers_need_no_import(case: str) -> None:
    before, after = map(textwrap.dedent, SPELLED[case])
    assert read_keywords(Source(before.lstrip("\n"), "f.lwt")).text == after.lstrip("\n")


BOUND = {
    "assigned": "lwt = print\nlwt(1)\n",
    "a parameter": "def f(lwt):\n    return lwt(1) + 1\n",
    "imported": "from m import lwt\n\ndef f():\n    return lwt(1) + 1\n",
    "imported with everything else": "from m import *\n\ndef f():\n    return lwt(1) + 1\n",
    "deleted": "del lwt\nlwt(1)\n",
    "an attribute": "import m\nm.lwt(1)\n",
}


@pytest.mark.parametrize("text", BOUND.values(), ids=BOUND)
def test_a_name_that_the_file_binds_is_its_own(text: str) -> None:
    assert read_keywords(Source(text, "f.lwt")).text == text


def test_a_wait_at_module_level_is_refused() -> None:
    [found] = transform("x = -lwt(g())\n", "f.lwt").diagnostics
    assert (found.code, found.line, found.column) == ("LWT010", 1, 6)


@pytest.mark.parametrize(
    "line", ["x = lwt g()", "print(lwt g())", "return lwt g()", "x = [lwt y for y in z]"]
)
def test_a_keyword_in_an_expression_is_told_how_to_wait(line: str) -> None:
    [found] = transform(f"def f():\n    lwt a = b()\n    {line}\n", "f.lwt").diagnostics
    assert found.code == "LWT001"
    assert found.line == 3
    assert found.hint == "inside an expression, lwt takes brackets: lwt(e)"


def test_other_errors_have_no_such_hint() -> None:
    [found] = transform("def f():\n    lwt a = b()\n    x = = 1\n", "f.lwt").diagnostics
    assert (found.code, found.hint) == ("LWT001", "")


@pytest.mark.parametrize("line", ["lwt x = g()", "for_lwt x in y: pass", "x = lwt g()"])
def test_a_keyword_in_a_python_file_is_told_where_it_belongs(line: str) -> None:
    text = f"from lwtsyntax import lwt\n\n\n@lwt\ndef f():\n    {line}\n"
    [found] = transform(text, "f.py").diagnostics
    assert (found.code, found.line) == ("LWT001", 6)
    assert found.hint == "keywords are read in files that end in .lwt"


def test_a_forgotten_wait_is_told_by_the_keyword() -> None:
    [found] = transform("def save():\n    lwt g()\n\ndef f():\n    save()\n", "f.lwt").diagnostics
    assert (found.code, found.line) == ("LWT030", 5)
    assert found.hint.startswith("write `lwt save()`")


def test_a_second_lwt_among_bindings_is_told_that_one_will_do() -> None:
    [found] = transform("def f():\n    lwt a = g() and lwt b = h()\n", "f.lwt").diagnostics
    assert (found.code, found.hint) == ("LWT001", "one lwt is for all: lwt x = a and y = b")


@pytest.mark.parametrize("name", ["f.py", "f.lwt"])
def test_a_null_byte_is_refused(name: str) -> None:
    text = "from lwtsyntax import lwt\n\n\n@lwt\ndef f(g):\n    return lwt(g())\ny = '\0'\n"
    [found] = transform(text, name).diagnostics
    assert found.code == "LWT001"
