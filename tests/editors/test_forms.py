"""What lists the forms is written from ``lwtsyntax/markers.py``, and says the same as the transformer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from editors.samples import KEYWORD_SAMPLES, ROOT, SAMPLES, Word, keywords, word
from lwtsyntax.markers import FORMS, KEYWORDS
from tools.forms.files import generated
from tools.forms.regions import replace_regions
from tools.forms.textmate import KEYWORD_SCOPE, MARKER_SCOPE

GENERATED = generated()


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_generated_files_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `python -m tools.forms`"


def test_no_other_file_lists_the_words() -> None:
    """A word of the keyword spelling in an editor's file stands in a generated part."""
    words = re.compile("|".join(rf"\b{row.word}\b" for row in KEYWORDS if "_" in row.word))
    folders = [ROOT / "contrib", ROOT / "vscode-extension/src", ROOT / "vscode-extension/syntaxes"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in [*files, ROOT / "vscode-extension/package.json"]:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".vim":
            if path in GENERATED:
                text = replace_regions(text, {"forms": ""})
            text = re.sub(r'^\s*".*$|\'[^\']*elif_lwt.*$|=elif_lwt', "", text, flags=re.MULTILINE)
        if path not in GENERATED or path.suffix == ".vim":
            assert not words.search(text), path


# -- the grammars, whose scopes for each sample `npm test` compares with a file beside it ----------


def tokens(sample: Path, scope: str) -> Iterator[Word]:
    """The words that have *scope* in the sample's golden file."""
    text = sample.read_text(encoding="utf-8")
    golden = sample.with_name(f"{sample.name}.scopes").read_text(encoding="utf-8")
    line = 0
    for row in golden.splitlines():
        if row.startswith("|"):
            line += 1
        elif scope in row.split()[1:]:
            start, end = row.split()[0].split("-")
            yield word(text, line, int(start), int(end))


@pytest.mark.parametrize("sample", KEYWORD_SAMPLES, ids=lambda path: path.name)
def test_the_grammar_finds_the_keywords_that_the_transformer_finds(sample: Path) -> None:
    assert list(tokens(sample, KEYWORD_SCOPE)) == keywords(sample)


def test_the_samples_hold_every_form() -> None:
    shown = {found.text for sample in KEYWORD_SAMPLES for found in tokens(sample, KEYWORD_SCOPE)}
    assert shown == {row.word for row in KEYWORDS}
    marked = {found.text for found in tokens(SAMPLES / "markers.py", MARKER_SCOPE)}
    assert marked == {form.name for form in FORMS}


def test_a_region_is_there_once() -> None:
    page = "a\n<!-- forms: of it -->\n| old |\n\nb\n"
    assert replace_regions(page, {"forms": "| new |\n"}) == page.replace("old", "new")
    script = 'a\n" forms: of it\nold\n" end\nb\n'
    assert replace_regions(script, {"forms": "new\n"}) == script.replace("old", "new")
    with pytest.raises(ValueError, match="2 regions are called forms"):
        replace_regions(script * 2, {"forms": ""})
