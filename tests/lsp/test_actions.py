"""Code actions: what is offered, and that it is a way out."""

from __future__ import annotations

import ast

import pytest
from lsprotocol import types
from lwtsyntax_lsp.places import Places
from pygls.workspace import PositionCodec

from lwtsyntax.analysing import Source
from lwtsyntax.pipeline import transform

from .editor import Editor

SAVE = "@lwt\ndef save(x):\n    lwt(x)\n\n\n"


def applied(text: str, action: types.CodeAction, uri: str) -> str:
    assert action.edit is not None and action.edit.changes is not None
    places = Places(Source(text, ""), PositionCodec())
    edits = [(places.span(each.range), each.new_text) for each in action.edit.changes[uri]]
    ends = [(span.start, span.end) for span, _ in edits]
    assert all(a[1] <= b[0] for a, b in zip(sorted(ends), sorted(ends)[1:], strict=False))
    for span, new in sorted(edits, key=lambda edit: (edit[0].start, edit[0].end), reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


async def results(editor: Editor, text: str, uri: str | None = None) -> dict[str, str]:
    """What each action makes of *text*; its cursor is at the ``|``."""
    before, _, after = text.partition("|")
    uri = await editor.open(before + after, uri=uri)
    position = Places(Source(before + after, ""), PositionCodec()).position(len(before))
    actions = await editor.actions(uri, position.line, position.character)
    made = {each.title: applied(before + after, each, uri) for each in actions if each.edit}
    for new in made.values():
        assert uri.endswith(".lwt") or ast.parse(new)
    return made


def codes(text: str) -> list[str]:
    return [each.code for each in transform(text).diagnostics]


IGNORE = "  # lwtsyntax: ignore[LWT030]"
LOOP = "from lwtsyntax import lwt, for_lwt\n\n\n"
WITH = "from lwtsyntax import lwt, with_lwt\n\n\n"
HEAD = "from lwtsyntax import lwt\n\n\n"

# title -> before, after
WAYS_OUT = {
    "Wait for it: lwt(save(1))": (
        f"{HEAD}{SAVE}@lwt\ndef f():\n    sa|ve(1)\n    lwt(save(2))\n",
        f"{HEAD}{SAVE}@lwt\ndef f():\n    lwt(save(1))\n    lwt(save(2))\n",
    ),
    "Wait for it: await save('🐫')": (
        f"{HEAD}{SAVE}async def f():\n    x = '🐫'; sa|ve('🐫')\n",
        f"{HEAD}{SAVE}async def f():\n    x = '🐫'; await save('🐫')\n",
    ),
    "Put @lwt above f, and wait: lwt(save(1))": (
        f"{HEAD}{SAVE}class C:\n    @staticmethod\n    def f():\n        save(1|)\n",
        f"{HEAD}{SAVE}class C:\n    @staticmethod\n    @lwt\n    def f():\n        lwt(save(1))\n",
    ),
    "Run it: Lwt.run(save(1))": (
        f"{HEAD}{SAVE}|save(1)\n",
        f"{HEAD.replace('import lwt', 'import lwt, runtime as Lwt')}{SAVE}Lwt.run(save(1))\n",
    ),
    "Let it run on its own: _ = save(1)": (
        f"{HEAD}{SAVE}@lwt\ndef f():\n    sa|ve(1)\n    lwt(save(2))\n",
        f"{HEAD}{SAVE}@lwt\ndef f():\n    _ = save(1)\n    lwt(save(2))\n",
    ),
    "Silence LWT030 here": (
        f"{HEAD}{SAVE}@lwt\ndef f():\n    sa|ve(1)  # so it is\n    lwt(save(2))\n",
        f"{HEAD}{SAVE}@lwt\ndef f():\n    save(1)  # so it is{IGNORE}\n    lwt(save(2))\n",
    ),
    "Put @lwt above f": (
        f"{HEAD}def f(get):\n    return lw|t(get(1))\n",
        f"{HEAD}@lwt\ndef f(get):\n    return lwt(get(1))\n",
    ),
    "Put @m.lwt above f": (
        "import lwtsyntax as m\n\n\ndef f(get):\n    return m.lw|t(get(1))\n",
        "import lwtsyntax as m\n\n\n@m.lwt\ndef f(get):\n    return m.lwt(get(1))\n",
    ),
    "Move @lwt down to the def": (
        f"{HEAD}class C:\n    @lw|t\n    @staticmethod\n    def f(x):\n        lwt(x)\n",
        f"{HEAD}class C:\n    @staticmethod\n    @lwt\n    def f(x):\n        lwt(x)\n",
    ),
    "Write lwt for await": (
        f"{HEAD}@lwt\ndef f(get):\n    return aw|ait get(1)\n",
        f"{HEAD}@lwt\ndef f(get):\n    return lwt(get(1))\n",
    ),
    "Write for_lwt for async for": (
        f"{HEAD}@lwt\ndef f(xs):\n    async for x in x|s:\n        lwt(x)\n",
        f"{LOOP}@lwt\ndef f(xs):\n    for x in for_lwt(xs):\n        lwt(x)\n",
    ),
    "Write with_lwt for async with": (
        f"{HEAD}@lwt\ndef f(a, b):\n    async with |a as x, b:\n        lwt(x)\n",
        f"{WITH}@lwt\ndef f(a, b):\n    with with_lwt(a) as x, with_lwt(b):\n        lwt(x)\n",
    ),
    "Write waits for all awaits of f": (
        f"{HEAD}@lwt\ndef f(xs):\n    return [aw|ait (x + 1) async for x in await (await xs)]\n",
        f"{LOOP}@lwt\ndef f(xs):\n    return [lwt(x + 1) for x in for_lwt(lwt(lwt(xs)))]\n",
    ),
    "Write await for lwt": (
        f"{HEAD}async def f(get):\n    return lw|t(get(1)).x\n",
        f"{HEAD}async def f(get):\n    return (await get(1)).x\n",
    ),
    "Make f a thread function: @lwt": (
        f"{HEAD}class C:\n    asy|nc  def f(self, get):\n        return await get(1) + await get(2)\n",
        f"{HEAD}class C:\n    @lwt\n    def f(self, get):\n        return lwt(get(1)) + lwt(get(2))\n",
    ),
    "Make f a thread function: @lwtsyntax.lwt_stream": (
        "import lwtsyntax\n\n\nasy|nc def f(get):\n    yield await get(1)\n",
        "import lwtsyntax\n\n\n@lwtsyntax.lwt_stream\ndef f(get):\n    yield lwtsyntax.lwt(get(1))\n",
    ),
    "Write a plain for loop": (
        f"{LOOP}@lwt\ndef f(x):\n    for i in for_lw|t(range(3)):\n        x += i\n    return lwt(x)\n",
        f"{LOOP}@lwt\ndef f(x):\n    for i in range(3):\n        x += i\n    return lwt(x)\n",
    ),
    "Remove the comment": (
        f"{HEAD}@lwt\ndef f(x):\n    lwt(x)  # lwtsyntax: ignore[LWT|030]\n",
        f"{HEAD}@lwt\ndef f(x):\n    lwt(x)\n",
    ),
}


@pytest.mark.parametrize("title", WAYS_OUT)
async def test_it_does_what_its_title_says(editor: Editor, title: str) -> None:
    before, after = WAYS_OUT[title]
    made = await results(editor, before)
    assert made.get(title) == after, list(made)
    plain = before.replace("|", "", 1)
    assert codes(after) == [] or codes(plain) == []


async def test_a_function_of_many_awaits_is_converted_one_at_a_time(editor: Editor) -> None:
    text = f"{HEAD}@lwt\ndef f(g):\n    a = await g(1)\n    b = |await g(2)\n"
    made = await results(editor, text)
    assert "a = await g(1)\n    b = lwt(g(2))" in made["Write lwt for await"]
    assert "a = lwt(g(1))\n    b = lwt(g(2))" in made["Write waits for all awaits of f"]


async def test_an_import_is_added_where_there_is_none(editor: Editor) -> None:
    text = '"""Uses lwtsyntax."""\n\nimport os\n\n\nasync d|ef f(x):\n    async for y in x:\n        await y\n'
    made = await results(editor, text)
    assert made["Make f a thread function: @lwt"] == (
        '"""Uses lwtsyntax."""\n\nimport os\nfrom lwtsyntax import lwt\nfrom lwtsyntax import for_lwt\n'
        "\n\n@lwt\ndef f(x):\n    for y in for_lwt(x):\n        lwt(y)\n"
    )


async def test_a_file_that_has_nothing_to_do_with_us_is_left_alone(editor: Editor) -> None:
    assert await results(editor, "async d|ef f(get):\n    await get(1)\n") == {}


async def test_what_is_preferred_and_what_is_asked_for(editor: Editor) -> None:
    text = f"{HEAD}{SAVE}@lwt\ndef f():\n    save(1)\n    lwt(save(2))\n"
    uri = await editor.open(text)
    actions = await editor.actions(uri, 10, 5)
    assert [each.is_preferred for each in actions] == [True, None, None]
    assert all(each.kind == types.CodeActionKind.QuickFix for each in actions)
    for each in actions:
        assert each.diagnostics is not None
        assert [found.code for found in each.diagnostics] == ["LWT030"]
    assert await editor.actions(uri, 10, 5, types.CodeActionKind.RefactorRewrite) == []
    assert await editor.actions(uri, 11, 5, types.CodeActionKind.QuickFix) == []


async def test_a_text_that_cannot_be_read_offers_nothing(editor: Editor) -> None:
    uri = await editor.open(f"{HEAD}@lwt\ndef f(:\n")
    assert await editor.actions(uri, 4, 6) == []
