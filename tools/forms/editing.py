"""How an editor goes on behind a line of a ``.lwt`` file: VS Code's language configuration."""

from __future__ import annotations

from typing import Any

from tools.forms.words import ENDING, HEADERS, TRY

__all__ = ["language_configuration"]

# what opens a block in Python
_PYTHON = (
    *("def", "class", "for", "if", "elif", "else", "while", "try", "with", "finally"),
    *("except", "async", "match", "case"),
)


def language_configuration() -> dict[str, Any]:
    opening = "|".join([*_PYTHON, *HEADERS, *TRY])
    leaving = "|".join(["return", "raise", "pass", "break", "continue", *ENDING])
    quotes = ['"', "'"]
    pairs = [["{", "}"], ["[", "]"], ["(", ")"]]
    prefixed = [
        prefix + quote for quote in quotes for prefix in ("r", "R", "u", "U", "f", "F", "b", "B")
    ]
    return {
        "comments": {"lineComment": "#"},
        "brackets": pairs,
        "autoClosingPairs": [
            *({"open": open_, "close": close} for open_, close in pairs),
            *({"open": quote, "close": quote, "notIn": ["string", "comment"]} for quote in quotes),
            *(
                {"open": each, "close": each[-1], "notIn": ["string", "comment"]}
                for each in prefixed
            ),
        ],
        "surroundingPairs": [*pairs, *([quote, quote] for quote in quotes)],
        "folding": {
            "offSide": True,
            "markers": {"start": r"^\s*#\s*region\b", "end": r"^\s*#\s*endregion\b"},
        },
        "onEnterRules": [
            {
                "beforeText": rf"^\s*(?:{opening})\b.*:\s*(?:#.*)?$",
                "action": {"indent": "indent"},
            },
            {
                "beforeText": rf"^\s+(?:{leaving})\b(?:[^#(\[{{]|[(\[{{][^#(\[{{]*[)\]}}])*$",
                "action": {"indent": "outdent"},
            },
        ],
    }
