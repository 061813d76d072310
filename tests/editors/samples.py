"""The samples that editors are tested with, and where their keywords are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lwtsyntax.ir.source import Source
from lwtsyntax.keywords.reading import read_forms

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "vscode-extension/test/grammar"
KEYWORD_SAMPLES = sorted(SAMPLES.glob("*.lwt"))


@dataclass(frozen=True, order=True)
class Word:
    """A word, and where it stands, counted from 1 and 0 as Python does."""

    line: int
    column: int
    text: str


def word(text: str, line: int, column: int, end: int) -> Word:
    return Word(line, column, text.splitlines()[line - 1][column:end])


def keywords(path: Path) -> list[Word]:
    """The keywords of a sample, as the transformer reads it."""
    text = path.read_text(encoding="utf-8")
    source = Source(text, path.name)
    return [
        Word(*source.position(form.span.start), source.slice(form.span))
        for form in read_forms(source)
    ]
