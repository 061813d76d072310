"""The equations above the lowerings are run.

A lowering opens with lines ``SOURCE ≡ OUTPUT``.  Each of them has an instance here, under its left
side: a thread function's body, and what the transformer makes of it.  An equation without an
instance, or an instance without its equation, fails.
"""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

import pytest

import lwtsyntax.lowerings
import lwtsyntax.runtime
from lwtsyntax.pipeline import transform

FOLDER = Path(lwtsyntax.lowerings.__file__).parent
FILES = sorted(path.name for path in FOLDER.glob("*.py") if not path.name.startswith("_"))

# file -> left side of an equation, as it stands in the docstring -> instances: body, then output
INSTANCES: dict[str, dict[str, list[tuple[str, str]]]] = {
    "lwt.py": {
        "x = lwt(e); REST": [
            (
                """
                x = lwt(e)
                print(x)
                y = lwt(g(x))
                print(y)
                """,
                """
                def with_x(x):
                    print(x)

                    def with_y(y):
                        print(y)

                    return Lwt.map(g(x), with_y)

                return Lwt.bind(e, with_x)
                """,
            )
        ],
        "x = lwt(e); return v": [
            ("x = lwt(e)\nreturn x + 1", "return Lwt.map(e, lambda x: x + 1)")
        ],
        "x = lwt(a, b); REST": [
            (
                """
                x = lwt(a, b)
                print(x)
                return lwt(g(x))
                """,
                """
                def with_x(x):
                    print(x)
                    return Lwt.promise(g(x))

                return Lwt.bind(Lwt.both(a, b), with_x)
                """,
            )
        ],
    },
    "return_.py": {
        "return v": [("return 1", "return Lwt.return_(1)")],
        "return lwt(e)": [
            ("return lwt(e)", "return Lwt.promise(e)"),
            ("return lwt(thread())", "return thread()"),
        ],
    },
    "native.py": {
        "STATEMENT": [("print(1)", "print(1)\nreturn Lwt.unit")],
    },
    "if_.py": {
        "if c: A else: B; REST": [
            (
                """
                if c:
                    lwt(a)
                else:
                    print(1)
                lwt(b)
                return 2
                """,
                """
                def after_if():
                    return Lwt.map(b, lambda _: 2)

                if c:
                    return Lwt.bind(a, lambda _: after_if())
                else:
                    print(1)
                    return after_if()
                """,
            )
        ],
        "x = A if c else B; REST": [
            (
                """
                x = lwt(a) if c else 0
                return lwt(g(x))
                """,
                """
                def after_x(x):
                    return Lwt.promise(g(x))

                if c:
                    return Lwt.bind(a, after_x)
                return after_x(0)
                """,
            )
        ],
    },
    "for_lwt.py": {
        "for x in xs: BODY; REST": [
            (
                """
                for x in xs:
                    lwt(g(x))
                return lwt(h())
                """,
                """
                return Lwt.bind(
                    Lwt.for_each(xs, lambda x: Lwt.promise(g(x))), lambda _: Lwt.promise(h())
                )
                """,
            ),
            ("for x in for_lwt(xs):\n    g(x)", "return Lwt.for_each(xs, lambda x: g(x))"),
        ],
        "for …: BODY else: E": [
            (
                """
                for x in xs:
                    lwt(g(x))
                else:
                    print(1)
                """,
                """
                def no_break():
                    print(1)

                return Lwt.for_each(xs, lambda x: Lwt.promise(g(x)), no_break)
                """,
            )
        ],
    },
    "while_lwt.py": {
        "while c: BODY; REST": [
            (
                """
                while c:
                    lwt(g())
                return lwt(h())
                """,
                """
                return Lwt.bind(
                    Lwt.while_(lambda: c, lambda: Lwt.promise(g())), lambda _: Lwt.promise(h())
                )
                """,
            ),
            (
                "while while_lwt(c()):\n    g()",
                "return Lwt.while_(lambda: c(), lambda: g())",
            ),
        ],
    },
    "loop_jumps.py": {
        "for x in xs: …; break": [
            (
                """
                for x in xs:
                    if lwt(g(x)):
                        break
                """,
                """
                def each(x):
                    def with_value(value):
                        if value:
                            return Lwt.BREAK

                    return Lwt.map(g(x), with_value)

                return Lwt.for_each(xs, each)
                """,
            )
        ],
        "for x in xs: …; continue": [
            (
                """
                for x in xs:
                    if lwt(g(x)):
                        continue
                    print(x)
                """,
                """
                def each(x):
                    def with_value(value):
                        if value:
                            return
                        print(x)

                    return Lwt.map(g(x), with_value)

                return Lwt.for_each(xs, each)
                """,
            )
        ],
    },
    "match_lwt.py": {
        "match match_lwt(e): CASES": [
            (
                """
                match match_lwt(e):
                    case 1:
                        return lwt(a)
                    case _:
                        return 2
                """,
                """
                def with_value(value):
                    match value:
                        case 1:
                            return Lwt.promise(a)
                        case _:
                            return Lwt.return_(2)

                return Lwt.bind(e, with_value)
                """,
            )
        ],
        "match match_lwt(e):": [
            (
                """
                match match_lwt(e):
                    case P():
                        return 1
                    case exception(Q()):
                        return 2
                """,
                """
                def on_value(value):
                    match value:
                        case P():
                            return Lwt.return_(1)
                    return Lwt.unit

                def on_error(error):
                    match error:
                        case Q():
                            return Lwt.return_(2)
                        case _:
                            raise

                return Lwt.try_bind(lambda: Lwt.promise(e), on_value, on_error)
                """,
            )
        ],
        "match s:": [
            (
                """
                match s:
                    case 1 if lwt(g):
                        return 2
                    case _:
                        return 3
                """,
                """
                s_before = s

                def case_2():
                    match s_before:
                        case _:
                            return 3

                match s_before:
                    case 1:

                        def with_value(value):
                            if value:
                                return 2
                            else:
                                return case_2()

                        return Lwt.map(g, with_value)
                return Lwt.return_(case_2())
                """,
            )
        ],
    },
    "try_lwt.py": {
        "try: A except E as e: H else: C": [
            (
                """
                try:
                    lwt(a)
                except E:
                    lwt(b)
                else:
                    lwt(c)
                return 1
                """,
                """
                def on_error():
                    try:
                        raise
                    except E:
                        return Lwt.promise(b)

                return Lwt.map(
                    Lwt.try_(lambda: Lwt.promise(a), on_error, lambda: Lwt.promise(c)),
                    lambda _: 1,
                )
                """,
            )
        ],
        "try: A finally: F": [
            (
                """
                try:
                    lwt(a)
                finally:
                    lwt(b)
                return 1
                """,
                """
                return Lwt.map(
                    Lwt.finalize(lambda: Lwt.promise(a), lambda: Lwt.promise(b)), lambda _: 1
                )
                """,
            )
        ],
        "try: A except* E as e: H": [
            (
                """
                try:
                    lwt(a)
                except* E as e:
                    lwt(b(e))
                """,
                """
                def on_error():
                    try:
                        raise
                    except* E as error:

                        def handler():
                            e = error
                            return Lwt.promise(b(e))

                        if (yield error, handler):
                            raise

                return Lwt.returning(Lwt.try_star(lambda: Lwt.promise(a), on_error))
                """,
            )
        ],
    },
    "with_lwt.py": {
        "with m as r: BODY; REST": [
            (
                """
                with m as r:
                    lwt(g(r))
                return lwt(h())
                """,
                """
                return Lwt.bind(
                    Lwt.using(m, lambda r: Lwt.promise(g(r))), lambda _: Lwt.promise(h())
                )
                """,
            )
        ],
        "with with_lwt(m) as r: BODY": [
            (
                """
                with with_lwt(m) as r:
                    print(r)
                """,
                """
                def body(r):
                    print(r)

                return Lwt.using_lwt(m, body)
                """,
            )
        ],
    },
    "comprehension.py": {
        "[ELEMENT for x in xs if c]": [
            (
                "return [lwt(g(x)) for x in xs if c(x)]",
                """
                def collect(items):
                    collected = []

                    def each(x):
                        if c(x):

                            def with_value(value):
                                collected.append(value)

                            return Lwt.map(g(x), with_value)

                    return Lwt.map(Lwt.for_each(items, each), lambda _: collected)

                return collect(xs)
                """,
            )
        ],
    },
    "lwt_stream.py": {
        "@lwt_stream": [
            (
                """
                @lwt_stream
                def numbers():
                    for p in ps:
                        yield lwt(p)
                """,
                """
                def numbers():
                    def produce(emit):
                        try:
                            return Lwt.for_each(ps, lambda p: Lwt.bind(p, lambda value: emit(value)))
                        except BaseException as error:
                            return Lwt.failed(error)

                    return Lwt.Stream(produce)
                """,
            )
        ],
        "yield v": [
            (
                """
                @lwt_stream
                def numbers():
                    yield 1
                    yield 2
                """,
                """
                def numbers():
                    def produce(emit):
                        try:
                            return Lwt.bind(emit(1), lambda _: Lwt.map(emit(2), lambda _: None))
                        except BaseException as error:
                            return Lwt.failed(error)

                    return Lwt.Stream(produce)
                """,
            )
        ],
    },
    "long_run.py": {
        "S1; S2; …; Sn; REST": [
            (
                "\n".join(f"lwt(p{n})" for n in range(1, 13)) + "\nreturn 0",
                """
                def step_1():
                    def after_p1(_):
                        def after_p2(_):
                            return Lwt.bind(
                                p3, lambda _: Lwt.bind(p4, lambda _: Lwt.promise(p5))
                            )

                        return Lwt.bind(p2, after_p2)

                    return Lwt.bind(p1, after_p1)

                def step_2():
                    def after_p6(_):
                        def after_p7(_):
                            return Lwt.bind(
                                p8, lambda _: Lwt.bind(p9, lambda _: Lwt.promise(p10))
                            )

                        return Lwt.bind(p7, after_p7)

                    return Lwt.bind(p6, after_p6)

                def step_3():
                    return Lwt.bind(p11, lambda _: Lwt.map(p12, lambda _: Lwt.Returned(0)))

                return Lwt.returning(Lwt.sequence(step_1, step_2, step_3))
                """,
            )
        ],
    },
}


def equations(name: str) -> list[str]:
    """The left sides of the equations in the docstring of a lowering."""
    docstring = ast.get_docstring(ast.parse((FOLDER / name).read_text(encoding="utf-8")))
    return [
        " ".join(line.partition("≡")[0].split())
        for line in (docstring or "").splitlines()
        if "≡" in line
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_equation_has_an_instance(name: str) -> None:
    assert equations(name), f"lowerings/{name} has no equation"
    assert equations(name) == list(INSTANCES.get(name, {}))


def test_every_instance_belongs_to_a_lowering() -> None:
    assert sorted(INSTANCES) == FILES


@pytest.mark.parametrize("name", FILES)
def test_equations_name_existing_helpers(name: str) -> None:
    named = set(re.findall(r"\bLwt\.(\w+)", (FOLDER / name).read_text(encoding="utf-8")))
    assert named <= set(lwtsyntax.runtime.__all__)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(source, expected, id=f"{name}: {left}")
        for name, sides in INSTANCES.items()
        for left, instances in sides.items()
        for source, expected in instances
    ],
)
def test_equation(source: str, expected: str) -> None:
    assert lowered(textwrap.dedent(source)) == normal(expected)


def lowered(source: str) -> str:
    """What becomes of a definition, or of a thread function's body, without the guard around it."""
    source = source.strip()
    is_definition = source.startswith("@")
    imports = (
        "from lwtsyntax import exception, for_lwt, lwt, lwt_stream, match_lwt, while_lwt, with_lwt"
    )
    other = "@lwt\ndef thread():\n    pass\n"
    definition = source if is_definition else f"@lwt\ndef f():\n{textwrap.indent(source, '    ')}"
    result = transform(f"{imports}\n\n{definition}\n{other}", "equation.py")
    assert result.text is not None, result.diagnostics
    whole = r"(?ms)^(def .*?)^def thread"
    inside = r"(?ms)^    try:\n(.*?)^    except BaseException"
    found = re.search(whole if is_definition else inside, result.text)
    assert found is not None, result.text
    return normal(found[1])


def normal(text: str) -> str:
    """*text* at the left margin, laid out in a way that does not depend on the margin."""
    return ast.unparse(ast.parse(textwrap.dedent(text)))
