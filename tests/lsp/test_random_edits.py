"""Every answer, about texts that nobody would write: none fails, and what is offered leaves a program one."""

from __future__ import annotations

import ast
import random

import pytest
from harness.fixtures import all_fixtures
from lsprotocol import types
from lwtsyntax_lsp.actions import code_actions
from lwtsyntax_lsp.diagnosing import protocol_diagnostics
from lwtsyntax_lsp.document import Document
from lwtsyntax_lsp.expansion import expand_function
from lwtsyntax_lsp.folding import folding_ranges
from lwtsyntax_lsp.hover import hover
from lwtsyntax_lsp.sightings import sightings
from lwtsyntax_lsp.snapshot import Snapshot, take
from lwtsyntax_lsp.tokens import semantic_tokens
from lwtsyntax_lsp.view import View, view
from pygls.workspace import PositionCodec

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.spellings import to_keywords

from .test_actions import applied

FIXTURES = all_fixtures()
WORDS = ["", "x", " ", "\n", "(", ")", ":", "#", '"', "'''", "\\", ";", "@", "lwt(", "    ", "\f"]
WORDS += ["await ", "async ", "return ", "🐫", "global x", "if x:\n", "for_lwt ", "lwt "]


def edited(text: str, choices: random.Random) -> str:
    start = choices.randrange(len(text) + 1)
    end = min(len(text), start + choices.choice([0, 0, 1, 1, 2, 5, 30]))
    return text[:start] + choices.choice(WORDS) + text[end:]


def opened(choices: random.Random) -> Document:
    """A fixture, in one of its spellings."""
    text = choices.choice(FIXTURES).source
    keywords = to_keywords(text)
    if keywords.text is not None and keywords.changed and choices.random() < 0.3:
        return Document("untitled:x", "lwt", 1, keywords.text)
    return Document("untitled:x", "python", 1, text)


def ask_everything(seen: View, choices: random.Random) -> None:
    tokens = semantic_tokens(seen).data
    assert len(tokens) % 5 == 0
    assert all(number >= 0 for number in tokens)
    folding_ranges(seen)
    text = seen.present.source.text
    positions = [seen.present.position(choices.randrange(len(text) + 1)) for _ in range(2)]
    words = [seen.word(each.word) for each in seen.snapshot.made(sightings)[:3]]
    for position in [*positions, *(place.start for place in words if place)]:
        hover(seen, position)
        if not seen.snapshot.refused:
            try:
                expand_function(seen, position)
            except Refusal:
                pass


def take_what_is_offered(snapshot: Snapshot, document: Document) -> None:
    for found in protocol_diagnostics(snapshot, strict=False):
        context = types.CodeActionContext([])
        uri = types.TextDocumentIdentifier(document.uri)
        params = types.CodeActionParams(uri, found.range, context)
        for action in code_actions(snapshot, document.uri, params):
            new = applied(document.text, action, document.uri)
            assert document.language == "lwt" or ast.parse(new)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_random_edits(seed: int) -> None:
    choices = random.Random(seed)
    document = opened(choices)
    for _ in range(8):
        revision = document.revision
        codec = PositionCodec()
        snapshot = take(document.text, document.filename, revision, codec, document.memory)
        document.learn(snapshot)
        assert "LWT099" not in [each.code for each in snapshot.diagnostics]
        for known in {document.readable, document.sound}:
            seen = view(document, known)
            if seen is not None:
                ask_everything(seen, choices)
        take_what_is_offered(snapshot, document)
        mended = document.sound is not None and choices.random() < 0.4
        text = document.sound.source.text if mended and document.sound else document.text
        document.change(document.version + 1, edited(text, choices))
