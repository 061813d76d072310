"""What compiled loops make once, and what they make in every round."""

from __future__ import annotations

import ast

import pytest

from lwtsyntax.compiling import compile_result
from lwtsyntax.pipeline import transform

HEAD = """\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@lwt
def f(xs, get):
"""


def made(body: str) -> list[int]:
    """For each loop of the function of this *body*, inner ones first, how many functions stand in its region."""
    found: list[int] = []

    def rewrite(module: ast.Module) -> None:
        regions = {}
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef):
                regions[node.name] = node
        for call in ast.walk(module):
            match call:
                case ast.Call(func=ast.Attribute(attr="for_each" | "while_" as name), args=args):
                    region = args[name == "while_" or 1]
                    assert isinstance(region, ast.Name)
                    function = regions[region.id]
                    inner = [n for n in ast.walk(function) if isinstance(n, ast.FunctionDef)]
                    found.append(len(inner) - 1)

    text = HEAD + "".join(f"    {line}\n" for line in body.splitlines())
    result = transform(text, "<program>", format=False)
    assert result.text is not None, result.diagnostics
    compile_result(result, "<program>", rewrite=rewrite)
    return found


@pytest.mark.parametrize(
    ("body", "rounds"),
    [
        pytest.param(
            "total = 0\nfor x in xs:\n    total += lwt(get(x))\nreturn total",
            [0],
            id="a continuation that knows of no round",
        ),
        pytest.param(
            "total = 0\nfor x in xs:\n    total += lwt(get(x)) * x\nreturn total",
            [1],
            id="one that reads the loop variable",
        ),
        pytest.param(
            "for x in xs:\n    y = lwt(get(x))\n    z = lwt(get(y))\n    print(y, z)",
            [0],
            id="one with another inside that reads what it binds",
        ),
        pytest.param(
            "total = 0\nwhile total < 9:\n    try:\n        total += lwt(get(1))\n"
            "    except KeyError:\n        total = 9\nreturn total",
            [0],
            id="the parts of a try",
        ),
        pytest.param(
            "total = 0\nfor x in xs:\n    try:\n        total += lwt(get(x))\n"
            "    except KeyError:\n        total = 9\nreturn total",
            [1],
            id="a part that reads the loop variable stays, what is inside goes",
        ),
        pytest.param(
            "total = 0\nfor x in xs:\n    for y in xs:\n        total += lwt(get(y))\nreturn total",
            [0, 0],
            id="out of two loops",
        ),
        pytest.param(
            "for x in xs:\n    for y in xs:\n        print(x, lwt(get(y)))",
            [2, 0],
            id="out of the inner one only",
        ),
        pytest.param(
            "for x in xs:\n    lwt(get(lambda: x))",
            [0],
            id="what the user makes in a round is made in it",
        ),
    ],
)
def test_functions_made_in_a_round(body: str, rounds: list[int]) -> None:
    assert sorted(made(body)) == sorted(rounds)


def test_closures_of_the_user_keep_the_variables_of_their_round() -> None:
    source = HEAD + (
        "    kept = []\n    for x in xs:\n        def keep(x=x):\n            y = lwt(get(x))\n"
        "            return y\n        kept.append(keep)\n        lwt(get(x))\n    return kept\n"
    )
    result = transform(source.replace("        def keep", "        @lwt\n        def keep"), "p")
    namespace: dict[str, object] = {}
    exec(compile_result(result, "p"), namespace)  # noqa: S102 - our own program
    from lwtsyntax import runtime as Lwt

    f = namespace["f"]
    kept = Lwt.run(f([1, 2], Lwt.return_))  # type: ignore[operator]
    assert [Lwt.run(each()) for each in kept] == [1, 2]
