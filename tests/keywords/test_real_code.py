"""Programs that nobody wrote with keywords in mind: generated ones there and back, and Python with our words in it."""

from __future__ import annotations

import ast
import io
import keyword
import random
import sysconfig
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.programs import program

from lwtsyntax.ir.source import Source
from lwtsyntax.keywords.reading import read_forms
from lwtsyntax.markers import KEYWORDS
from lwtsyntax.pipeline import transform
from lwtsyntax.spellings import to_keywords, to_markers

from .test_spellings import meaning

WORDS = [row.word for row in KEYWORDS]


@pytest.mark.parametrize("seed", range(40))
def test_generated_programs_there_and_back(seed: int) -> None:
    source = program(seed)
    keywords = to_keywords(source, "f.py").text
    assert keywords is not None
    back = to_markers(keywords, "f.lwt").text
    assert back is not None
    assert meaning(back) == meaning(source)
    ours = transform(keywords, "f.lwt", format=False).text
    theirs = transform(source, "f.py", format=False).text
    assert ours is not None and theirs is not None
    assert meaning(ours) == meaning(theirs)


def _renamed(text: str, choose: random.Random) -> str:
    """*text* with most of its names, each in all its places, replaced by our words."""
    found = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name | ast.Attribute)
    ]
    names = sorted({node.id if isinstance(node, ast.Name) else node.attr for node in found})
    new = {
        name: choose.choice(WORDS)
        for name in names
        if choose.random() < 0.7 and not keyword.issoftkeyword(name)
    }
    lines = text.splitlines(keepends=True)
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(text).readline))):
        if token.type == tokenize.NAME and token.string in new:
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new[token.string] + line[token.end[1] :]
    return "".join(lines)


def _library() -> Iterator[tuple[Path, str]]:
    root = Path(sysconfig.get_path("stdlib"))
    choose = random.Random(7)
    paths = [path for path in sorted(root.rglob("*.py")) if "site-packages" not in path.parts]
    for path in choose.sample(paths, 120):
        try:
            text = _renamed(path.read_text(encoding="utf-8"), choose)
            ast.parse(text)
        except (SyntaxError, ValueError):  # on purpose, or two parameters have one name now
            continue
        yield path, text


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_the_standard_library_with_our_words_for_names_holds_no_form() -> None:
    seen = 0
    for path, text in _library():
        source = Source(text, path.name)
        assert [source.line(source.line_of(f.span.start)) for f in read_forms(source)] == [], path
        seen += 1
    assert seen > 50
