"""What hovering shows of an expansion: whole statements, all that became of one, nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from textwrap import dedent, indent

import pytest

from .editor import Editor

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted([*ROOT.glob("examples/*.lwt"), *ROOT.glob("examples/*.py")])
_WORD = re.compile(r"\b(?:lwt|\w+_lwt|lwt_stream|exception)\b")

FORMS = """\
def branches(g):
    if_lwt g(1):
        lwt g(2)
        print("a")
    elif_lwt g(3):
        g(4)
    else:
        print("c")
    print("end")


def tries(g):
    try_lwt:
        lwt x = g(1)
        g(2)
    except KeyError as e:
        lwt g(3)
        print(e)
    finally:
        lwt g(4)


def matches(g):
    match_lwt g(1):
        case exception KeyError():
            print("k")
        case (a, b):
            lwt g(a)
            print(b)
        case _:
            return_lwt g(3)
    return 3


def others(m, g, xs):
    with_lwt m as x:
        lwt g(x)
        print(x)
    assert_lwt g(3), "m"
    for_lwt x in xs:
        lwt self.x += g(4)
        if x:
            break
    else:
        raise_lwt KeyError(g)
    while_lwt g(5):
        lwt a = g(6) and b = g(7)
        print([lwt(g(x)) for x in xs], lwt(g(8)) or lwt(g(9)))
    print(1)
    print(2)
    print(3)
    print(4)
    return m


lwt top, more = branches(len)
print(top); lwt branches(print)
"""

TEXTS = {"all_forms.lwt": FORMS, **{path.name: path.read_text("utf-8") for path in EXAMPLES}}

SHOWN = {
    "lwt g(2)": """\
        def after_g(_):
            print("a")
            return after_if()

        return Lwt.map(g(2), after_g)
        """,
    "lwt x = g(1)": """\
        return Lwt.try_(
            lambda: Lwt.bind(g(1), lambda x: Lwt.implicit_wait(g(2))), on_error
        )
        """,
    "lwt g(4)": """\
        return Lwt.returning(Lwt.finalize(attempt, lambda: Lwt.promise(g(4))))
        """,
    "exception KeyError": """\
        match error:
            case KeyError():
                print("k")
            case _:
                raise
        """,
    "lwt g(a)": """\
        def after_g(_):
            print(b)

        return Lwt.map(g(a), after_g)
        """,
    "return_lwt g(3)": "return Lwt.map(g(3), Lwt.Returned)",
    "lwt top": "top, more = Lwt.run(branches(len))",
    "lwt branches(print)": "Lwt.run(branches(print))",
}

NESTED = """\
from lwtsyntax import lwt


@lwt
def outer(g):
    @staticmethod
    @lwt
    def first(x):
        return lwt(g(x)) + 1

    return first
"""


async def shown(editor: Editor, uri: str, text: str, offset: int) -> str:
    """What becomes of the statement of the word at *offset*."""
    line = text.count("\n", 0, offset)
    said = await editor.hover(uri, line, offset - (text.rfind("\n", 0, offset) + 1) + 1)
    found = re.search(r"becomes\n\n```python\n(.*)\n```", said or "", re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("form", SHOWN)
async def test_a_form_is_shown_whole(editor: Editor, form: str) -> None:
    uri = await editor.open(FORMS, uri="file:///tmp/lwtsyntax-editor/forms.lwt", language="lwt")
    assert await shown(editor, uri, FORMS, FORMS.index(form)) == dedent(SHOWN[form]).strip()


@pytest.mark.parametrize("name", TEXTS)
async def test_whatever_is_shown_is_made_of_whole_statements(editor: Editor, name: str) -> None:
    text = TEXTS[name]
    language = "lwt" if name.endswith(".lwt") else "python"
    uri = await editor.open(text, uri=f"file:///tmp/lwtsyntax-editor/{name}", language=language)
    seen = 0
    for match in _WORD.finditer(text):
        statements = await shown(editor, uri, text, match.start())
        ast.parse(f"def f():\n{indent(statements.replace('…', '...') or 'pass', '    ')}\n")
        seen += bool(statements)
    assert seen > 2


async def test_a_decorator_of_an_inner_function_shows_all_of_that(editor: Editor) -> None:
    uri = await editor.open(NESTED)
    whole = await shown(editor, uri, NESTED, NESTED.index("lwt\n    def first"))
    assert whole.startswith("@staticmethod\ndef first(x):\n    try:\n")
    assert whole.endswith("return Lwt.failed(error)")


async def test_of_a_long_one_the_statements_of_others_are_left_out(editor: Editor) -> None:
    lines = "".join(f"    print({number})\n" for number in range(200))
    text = f"def f(g):\n    lwt x = g(1)\n{lines}    return x\n"
    uri = await editor.open(text, uri="file:///tmp/lwtsyntax-editor/long.lwt", language="lwt")
    assert await shown(editor, uri, text, text.index("lwt x")) == (
        "def with_x(x):\n    …\n\nreturn Lwt.map(g(1), with_x)"
    )
