"""TextMate grammars of the two spellings, for VS Code and whatever else reads them.

Such a grammar sees one line at a time and no names.  Where it cannot tell a keyword from a variable of the same
name it takes the likelier one; the language server's semantic tokens know.  The regular expressions are Oniguruma's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.forms.words import (
    ARM,
    CALLED,
    DECORATORS,
    HEADERS,
    OPERAND_WORDS,
    PATTERN_WORDS,
    STATEMENTS,
    TRY,
    python_word,
)

__all__ = ["KEYWORD_SCOPE", "MARKER_SCOPE", "keyword_grammar", "marker_grammar"]

KEYWORD_SCOPE = "keyword.control.flow.lwt"
MARKER_SCOPE = "keyword.control.flow.marker.lwt"

Rule = dict[str, Any]

_NOTE = [
    "Written by `python -m tools.forms` from lwtsyntax/markers.py; edit those.",
]
_STATEMENT = r"(?:^|(?<=[:;]))\s*"
_NAME = r"[[:alpha:]_]"
_LINE_END = r"\s*(?:#.*)?$"


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(words) + ")"


_OPERAND = (
    rf"\s+(?!{_any(OPERAND_WORDS)}\b|not\s+in\b){_NAME}"  # a name, but none that is an operator
    r"|\s+\d"
    r"""|\s*(?:["'{~]|\.\d|\.\.\.|\\$)"""
)
_BINDING = _OPERAND + r"|\s*\([^()]*\)\s*=(?!=)"  # or targets in brackets
# brackets or a sign, if a colon follows or the line goes on
_HEADER = rf"{_OPERAND}|\s*[(\[*+-](?!=).*?(?::|[(\[{{,\\]{_LINE_END})"


def _pattern(words: Iterable[str], following: str) -> str:
    return rf"{_STATEMENT}\b({'|'.join(words)})\b(?={following})"


def _keyword(words: Iterable[str], following: str) -> Rule:
    return {"match": _pattern(words, following), "captures": {"1": {"name": KEYWORD_SCOPE}}}


def _loop(words: Iterable[str]) -> Rule:
    """A header whose ``in`` belongs to it, and is no operator."""
    return {
        "begin": _pattern(words, _HEADER),
        "beginCaptures": {"1": {"name": KEYWORD_SCOPE}},
        "end": r"\b(in)\b",
        "endCaptures": {"1": {"name": "keyword.control.flow.python"}},
        "patterns": [{"include": "source.python#expression"}],
    }


def _arm() -> Rule:
    pattern = rf"\s+(?!{_any(PATTERN_WORDS)}\b){_NAME}" + r"""|\s*["'\d\[{-]"""
    return {
        "match": rf"^\s*\b(case)\s+({'|'.join(ARM)})\b(?={pattern})",
        "captures": {"1": {"name": "keyword.control.flow.python"}, "2": {"name": KEYWORD_SCOPE}},
    }


def keyword_grammar() -> Rule:
    """The grammar of ``.lwt`` files: Python's, and before it the forms where statements begin."""
    return {
        "information_for_contributors": _NOTE,
        "name": "lwt",
        "scopeName": "source.python.lwt",
        "patterns": [
            {"include": "#forms"},
            {"include": "source.python"},
        ],
        "repository": {
            "forms": {
                "patterns": [
                    _keyword(STATEMENTS, _BINDING),
                    _loop(each for each in HEADERS if python_word(each) == "for"),
                    _keyword((each for each in HEADERS if python_word(each) != "for"), _HEADER),
                    _keyword(TRY, r"\s*:"),
                    _arm(),
                ]
            }
        },
    }


def _call(begin: str, captures: Rule) -> Rule:
    """A marker and its arguments, which are those of a call."""
    return {
        "name": "meta.function-call.marker.lwt",
        "begin": begin,
        "beginCaptures": captures,
        "end": r"\)",
        "endCaptures": {"0": {"name": "punctuation.definition.arguments.end.python"}},
        "patterns": [{"include": "source.python#function-arguments"}],
    }


def marker_grammar() -> Rule:
    """What is injected into Python's grammar: markers that are called, and those above a ``def``."""
    called = rf"(?<!def )(?<!class )(?<![\w.])({'|'.join(CALLED)})(?=\s*\()"
    arm = rf"^\s*(case)\s+({'|'.join(ARM)})(?=\s*\()"
    return {
        "information_for_contributors": _NOTE,
        "scopeName": "lwt.markers.injection",
        "injectionSelector": "L:source.python -string -comment",
        "patterns": [
            _call(called, {"1": {"name": MARKER_SCOPE}}),
            _call(arm, {"1": {"name": "keyword.control.flow.python"}, "2": {"name": MARKER_SCOPE}}),
            {"match": rf"(?<=@)({'|'.join(DECORATORS)})\b(?!\s*[.(])", "name": MARKER_SCOPE},
        ],
    }
