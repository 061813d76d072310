"""The words of the forms, in the groups that editors treat alike."""

from __future__ import annotations

from lwtsyntax.markers import FORMS, KEYWORDS

__all__ = [
    "ARM",
    "CALLED",
    "DECORATORS",
    "DEDENTING",
    "ENDING",
    "HEADERS",
    "OPERAND_WORDS",
    "PATTERN_WORDS",
    "STATEMENTS",
    "TRY",
    "python_word",
]


def _kind(*kinds: str) -> tuple[str, ...]:
    return tuple(row.word for row in KEYWORDS if row.kind in kinds)


# Keyword spelling.  What opens a block; what has an operand; what opens an arm for a rejection.
HEADERS = _kind("header")
TRY = _kind("try")
STATEMENTS = _kind("binding", "simple")
ARM = _kind("arm")

# Which of them go on with a block that is there, and which leave it.
DEDENTING = tuple(row.word for row in KEYWORDS if row.python in ("elif", "else"))
ENDING = tuple(row.word for row in KEYWORDS if row.python in ("return", "raise"))

# Marker spelling.
CALLED = tuple(row.name for row in FORMS if f"{row.name}(" in row.spelling and row.name not in ARM)
DECORATORS = tuple(row.name for row in FORMS if f"@{row.name}" in row.spelling)

# Behind a word that is a variable these go on with the expression (``lwt if c else d``), or with the arm.
OPERAND_WORDS = ("and", "or", "in", "is", "if", "else", "for", "as", "from")
PATTERN_WORDS = ("if", "as")


def python_word(word: str) -> str:
    """What Python calls the statement that *word* opens; "" where it has none."""
    return next(row.python for row in KEYWORDS if row.word == word)
