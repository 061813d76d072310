"""Comments and strings are where CPython's tokenizer says."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest
from harness.fixtures import FIXTURES

from lwtsyntax.ir.lexing import COMMENT, STRING, Lexed, _by_tokens, masked
from lwtsyntax.ir.source import Source

STANDARD = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
FILES = [*STANDARD[::4], *sorted(FIXTURES.rglob("*.py"))]

TEXTS = {
    "quotes in comments": "x = 1  # it's\ny = \"# no\"  # yes '''\n",
    "escaped quotes": "x = 'it\\'s' + \"a\\\"#\" + r'\\'#'\n",
    "escaped ends of lines": "x = 'a\\\nb # c'\ny = 'a\\\r\nb'  # d\r\n",
    "triple quotes": 'x = """a "b" \'c\' # d\n"" \\""" e\n"""  # f\n',
    "empty strings": "x = '' + \"\" + '''''' + r\"\"  # a\n",
    "prefixes": "x = rb'#' + Rb\"#\" + F'{1}#' + u'#'  # a\n",
    "carriage returns": "# a\r\nx = 1  # b\ry = '''c\r\nd'''  # e\r",
    "other letters": "x = 'é𝒳'  # é𝒳 #\ny = '𝒳'  # z\n",
    "braces in f-strings": "x = f'{1:{2}}' f'{{' f\"{'}' + '#'}\"  # a\n",
}
NESTED = (
    'd = {"#": 1, "}": 2}\nx = f"{d["#"]}"  # a\ny = f"{"}" + "#"}"  # b\nz = f"{\'}\' + d["#"]}"\n'
    'v = f"""{d["#"]}\nof it\n{d  # c\n}"""  # d\n'
)


def check(text: str) -> None:
    """What is found, in the whole text and by statements, is what the tokenizer finds."""
    whole = Source(text, "")
    comments, strings = _by_tokens(text, whole._starts)
    inside = {offset for start, end in strings for offset in range(start + 1, end)}
    divided = Source(text, "")
    divided.divide(ast.parse(text))
    for source in (whole, divided):
        lexed = Lexed(text, source._starts, source._bounds)
        assert list(lexed.comments_from(0)) == comments
        assert [lexed.in_string(at) for at in source._starts] == [
            at in inside for at in source._starts
        ]
        for at in source._starts[::7]:
            assert list(lexed.comments_from(at)) == [each for each in comments if each[0] >= at]
        assert [lexed.in_string(start) for start, _ in strings] == [False] * len(strings)
        assert all(lexed.in_string(end - 1) for start, end in strings)


@pytest.mark.parametrize("name", TEXTS)
def test_small_texts(name: str) -> None:
    check(TEXTS[name])


def test_quotes_inside_f_strings_of_the_same_quotes() -> None:
    try:
        compile(NESTED, "", "exec")
    except SyntaxError:
        pytest.skip("needs Python 3.12")
    check(NESTED)
    line = NESTED.split("\n")[4:8]
    mask = masked("\n".join(line))
    assert mask == f"v = {STRING * (len(mask) - 9)}  {COMMENT * 3}"


def test_a_masked_text_has_the_lines_of_its_code() -> None:
    text = 'x = f(\'#\', """a\n#""")  # é\n# y\nz\n'
    mask = f"x = f({STRING * 3}, {STRING * 9})  {COMMENT * 3}\n{COMMENT * 3}\nz\n"
    assert masked(text) == mask


def test_files() -> None:
    checked = 0
    for path in FILES:
        text = path.read_bytes().decode("utf-8", errors="replace")
        try:
            compile(text, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        check(text)
        checked += 1
    assert checked > 200
