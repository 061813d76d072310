"""Where a word is a keyword, and where it is the variable that it is in Python."""

from __future__ import annotations

import ast
import textwrap

import pytest

from lwtsyntax.ir.source import Source
from lwtsyntax.keywords.reading import read_forms
from lwtsyntax.keywords.shape import same_length
from lwtsyntax.markers import KEYWORDS

# rule -> texts that are Python today, and stay what they are
LEGAL = {
    "before an opening bracket: a call, a subscript": """
        lwt (x)
        lwt (x) .y
        lwt (x) .y = e
        lwt (x) [0] = e
        lwt (x, y) == e
        lwt (x, y=z)
        lwt(x), y
        lwt [a] = e
        lwt [a]: int = e
        if_lwt (x)
        return_lwt (e)
        raise_lwt (e)
        assert_lwt (e, f)
        lwt (x) if c else d
        lwt(x)[0](y).z = 5
    """,
    "before an operator": """
        lwt -x
        lwt + x
        lwt * x
        lwt ** x
        lwt @ m
        lwt / x
        lwt // x
        lwt % x
        lwt | x
        lwt & x
        lwt ^ x
        lwt << x
        lwt >> x
        lwt < x
        lwt >= x
        lwt == x
        lwt != x
        raise_lwt -e
        return_lwt * e
        assert_lwt -e, f
        lwt += x
        lwt @= x
    """,
    "before an operator keyword": """
        lwt if c else d
        lwt in s
        lwt not in s
        lwt is x
        lwt is not x
        lwt and x
        lwt or x
        lwt and not x
        return_lwt if return_lwt else x
        while_lwt in s
        for_lwt not in s
        lwt not \\
            in s
    """,
    "before a dot": """
        lwt .x
        lwt.x = 1
        lwt . x()
        if_lwt.x: int = 3
        for_lwt.x[3].y: int
        try_lwt.x
    """,
    "before what ends it, or assigns it": """
        lwt
        lwt = 3
        lwt; lwt
        lwt, x = 1, 2
        lwt: int
        lwt: int = 3
        lwt = for_lwt = try_lwt = 5
        for_lwt: int
        if_lwt: foo
        try_lwt
        exception
        exception = 3
        return_lwt: int = 4
        match_lwt, case = 1, 2
    """,
    "an annotated attribute or subscript": """
        if_lwt [c]: foo
        if_lwt[c]: foo = 3
        while_lwt(c).x: foo
        for_lwt(a, b)[0]: foo
        match_lwt[x:y]: foo
        with_lwt[lambda: 3]: foo
    """,
    "try_lwt annotated": """
        try_lwt: f()
        try_lwt: f(); g()
        try_lwt: "f"
    """,
    "inside an expression": """
        f(lwt)
        [lwt for lwt in lwt if lwt]
        x = lwt
        x = lwt(y) + lwt
        x = (lwt
             -y)
        x = lambda lwt, for_lwt=3: lwt
        x = lambda: lwt
        {lwt: for_lwt}
        x[lwt:for_lwt]
        f"{lwt} {lwt:{for_lwt}} {lwt!r}"
        "lwt x = e"
        '''
        lwt x = e
        for_lwt x in xs:
        '''
        # lwt x = e
        print(*lwt, **for_lwt)
        x: lwt = 3
        del lwt, for_lwt
        import lwt, for_lwt as try_lwt
        from lwt import for_lwt
        global lwt
    """,
    "case exception: a capture, a class, an attribute": """
        match x:
            case exception():
                pass
            case exception(a):
                pass
            case exception (a) if a:
                pass
            case exception.x:
                pass
            case exception.x | 3:
                pass
            case exception, 3:
                pass
            case exception as e if e:
                pass
            case exception if exception:
                pass
            case [exception, *rest]:
                pass
            case exception: pass
    """,
    "definitions, parameters, headers": """
        def lwt(lwt, for_lwt=lwt): return lwt
        class for_lwt(lwt): lwt: int
        for lwt in for_lwt: lwt
        with lwt as for_lwt: lwt()
        while lwt: lwt -= 1
        if lwt: lwt
        elif for_lwt: for_lwt
        else: lwt -x
        try: lwt
        except lwt as e: lwt
        finally: lwt
        @lwt
        def f(): lwt [0]
        match lwt:
            case 3: lwt(3)
        match: lwt = 3
        match [lwt]: lwt = 3
        case: lwt = 3
        async def lwt(): await lwt
    """,
}

LINES = [
    pytest.param(line, id=f"{rule}: {line}")
    for rule, text in LEGAL.items()
    if rule != "inside an expression" and "    pass" not in text and "def " not in text
    for line in textwrap.dedent(text.replace("\\\n            ", "")).strip().splitlines()
]


@pytest.mark.parametrize("rule", LEGAL)
def test_what_is_python_today_stays(rule: str) -> None:
    text = textwrap.dedent(LEGAL[rule])
    ast.parse(text)
    assert read_forms(Source(text, "f.lwt")) == []


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_python_stays(line: str) -> None:
    for text in (line, f"if x: {line}", f"x; {line}", f"{line}  # comment", f"\t\n\f{line}\r\n"):
        ast.parse(text)
        assert read_forms(Source(text, "f.lwt")) == []


# a form, and the Python of the same length
FORMS = {
    "lwt x = e": "0;  x = e",
    "lwt x=e": "0;  x=e",
    "lwt\tx = e": "0; \tx = e",
    "lwt \\\n x = e": "0;  \\\n x = e",
    "lwt\\\n x = e": "0; \\\n x = e",
    "lwt x: int = e": "0;  x: int = e",
    "lwt x, *y = e": "0;  x, *y = e",
    "lwt x = y = e": "0;  x = y = e",
    "lwt self.x = e": "0;  self.x = e",
    "lwt x[0] += e": "0;  x[0] += e",
    "lwt x = a and y = b": "0;  x = a ;   y = b",
    "lwt x = a and y = b and z = c": "0;  x = a ;   y = b ;   z = c",
    "lwt x = a and b and y = c": "0;  x = a and b ;   y = c",
    "lwt x = a and b": "0;  x = a and b",
    "lwt x = (a and y) == b": "0;  x = (a and y) == b",
    "lwt x = f(y=a and b)": "0;  x = f(y=a and b)",
    "lwt x = lambda y=1, z=2: a and y": "0;  x = lambda y=1, z=2: a and y",
    "lwt x = a \\\n  and y = b": "0;  x = a \\\n  ;   y = b",
    "lwt x = (\n a  # and z = 3\n) and y = b": "0;  x = (\n a  # and z = 3\n) ;   y = b",
    "lwt (x, y) = e": "0;  (x, y) = e",
    "lwt (x, (y, *z)) = e and (v) = w": "0;  (x, (y, *z)) = e ;   (v) = w",
    "lwt(x, y) = e": "0; (x, y) = e",
    "lwt e": "0;  e",
    "lwt e.f(x)[0]": "0;  e.f(x)[0]",
    "lwt not x": "0;  not x",
    "lwt lambda: x": "0;  lambda: x",
    "lwt {1: 2}": "0;  {1: 2}",
    "lwt ~x": "0;  ~x",
    'lwt "x"': '0;  "x"',
    "lwt f'{x}'": "0;  f'{x}'",
    "lwt None": "0;  None",
    "lwt lwt": "0;  lwt",
    "lwt lwt = lwt": "0;  lwt = lwt",
    "lwt match": "0;  match",
    "x; lwt y = e; lwt z": "x; 0;  y = e; 0;  z",
    "if c: lwt x = e": "if c: 0;  x = e",
    "if c[1:2] and (lambda: 3): lwt x = e": "if c[1:2] and (lambda: 3): 0;  x = e",
    "if lambda x: x: lwt x = e": "if lambda x: x: 0;  x = e",
    "class A: lwt x = e": "class A: 0;  x = e",
    "def f(x: int = 3) -> {1: 2}: lwt x = e": "def f(x: int = 3) -> {1: 2}: 0;  x = e",
    "for_lwt x in xs: pass": "for     x in xs: pass",
    "for_lwt x in xs: lwt x; lwt y = e": "for     x in xs: 0;  x; 0;  y = e",
    "for_lwt (a, b) in xs: pass": "for     (a, b) in xs: pass",
    "for_lwt [a, b] in xs: pass": "for     [a, b] in xs: pass",
    "for_lwt x in lambda: 3: pass": "for     x in lambda: 3: pass",
    "while_lwt c: pass": "while     c: pass",
    "while_lwt (c): pass": "while     (c): pass",
    "while_lwt (c) and d: pass": "while     (c) and d: pass",
    "while_lwt [c]:\n  pass": "while     [c]:\n  pass",
    "while_lwt [c] and d: pass": "while     [c] and d: pass",
    "while_lwt not c: pass": "while     not c: pass",
    "while_lwt -c: pass": "while     -c: pass",
    "if_lwt c: x\nelif_lwt d: y\nelse: z": "if     c: x\nelif     d: y\nelse: z",
    "if_lwt(c): x\nelif_lwt(d): y": "if    (c): x\nelif    (d): y",
    "if_lwt c.d:  # comment\n  x": "if     c.d:  # comment\n  x",
    "match_lwt e:\n  case 3: lwt x": "match     e:\n  case 3: 0;  x",
    "match_lwt (e):\n  case 3: x": "match     (e):\n  case 3: x",
    "match_lwt -e:\n  case 3: x": "match     -e:\n  case 3: x",
    "match_lwt a, b:\n  case 3: x": "match     a, b:\n  case 3: x",
    "match e:\n  case exception A(): x": "match e:\n  case           A(): x",
    "match e:\n  case exception A() | B() as e if e: x": (
        "match e:\n  case           A() | B() as e if e: x"
    ),
    "match e:\n  case exception _: x": "match e:\n  case           _: x",
    "match e:\n  case exception [a]: lwt x": "match e:\n  case           [a]: 0;  x",
    "match e:\n  case exception {}: x": "match e:\n  case           {}: x",
    "match e:\n  case exception -1: x": "match e:\n  case           -1: x",
    "match e:\n  case exception 'a': x": "match e:\n  case           'a': x",
    "try_lwt:\n  x\nfinally: y": "try    :\n  x\nfinally: y",
    "try_lwt   :\n  x\nfinally: y": "try       :\n  x\nfinally: y",
    "try_lwt: x\nexcept A: lwt y": "try    : x\nexcept A: 0;  y",
    "try_lwt: lwt x = y\nfinally: y": "try    : 0;  x = y\nfinally: y",
    "try_lwt: # comment\n  x\nexcept: y": "try    : # comment\n  x\nexcept: y",
    "with_lwt e as x: pass": "with     e as x: pass",
    "with_lwt e as x, f as y: pass": "with     e as x, f as y: pass",
    "with_lwt (e as x, f as y): pass": "with     (e as x, f as y): pass",
    "with_lwt e: pass": "with     e: pass",
    "return_lwt e": "return     e",
    "return_lwt not e": "return     not e",
    "raise_lwt E": "raise     E",
    "raise_lwt E() from e": "raise     E() from e",
    "assert_lwt e": "assert     e",
    "assert_lwt e, 'text'": "assert     e, 'text'",
    "'é'; lwt x = e": "'é'; 0;  x = e",
    "\f\nlwt x = e": "\f\n0;  x = e",
    "x\r\nlwt y = e\r\n": "x\r\n0;  y = e\r\n",
    "x\rlwt y = e\r": "x\r0;  y = e\r",
    "if x:\n\tlwt y = e": "if x:\n\t0;  y = e",
}


@pytest.mark.parametrize("text", FORMS)
def test_a_form_becomes_python_of_the_same_length(text: str) -> None:
    source = Source(text, "f.lwt")
    shape = same_length(text, read_forms(source))
    assert shape == FORMS[text]
    assert len(shape) == len(text)
    ast.parse(shape)


@pytest.mark.parametrize("text", FORMS)
def test_a_form_is_no_python_as_it_is(text: str) -> None:
    with pytest.raises(SyntaxError):
        ast.parse(text)


def test_every_keyword_has_a_text_above() -> None:
    for row in KEYWORDS:
        assert any(row.word in text for text in FORMS)


def test_tokens_that_are_none_are_left_to_python() -> None:
    for text in ("lwt x = e\n'", "lwt x = (", "if x:\n    lwt y = e\n  z", "lwt x = $"):
        assert read_forms(Source(text, "f.lwt"))
