"""What vim's scripts list of the forms; the regular expressions are vim's."""

from __future__ import annotations

from collections.abc import Iterable

from lwtsyntax.markers import KEYWORDS
from tools.forms.words import (
    ARM,
    CALLED,
    DECORATORS,
    DEDENTING,
    ENDING,
    HEADERS,
    OPERAND_WORDS,
    PATTERN_WORDS,
    STATEMENTS,
    TRY,
    python_word,
)

__all__ = ["FTPLUGIN", "INDENT", "MARKER_SYNTAX", "SYNTAX"]

# the highlight group of python.vim whose colour a form has
_GROUPS = {
    "for": "Repeat",
    "while": "Repeat",
    "if": "Conditional",
    "elif": "Conditional",
    "match": "Conditional",
    "try": "Exception",
    "raise": "Exception",
}
_STATEMENT = r"\%(\%(^\|[:;]\)\s*\)\@<="
_NAME = r"\h"


def _any(words: Iterable[str]) -> str:
    return r"\%(" + r"\|".join(words) + r"\)"


_OPERAND = (
    rf"\s\+\%({_any(OPERAND_WORDS)}\>\|not\s\+in\>\)\@!{_NAME}"
    r"\|\s\+\d"
    r"""\|\s*\%(['"{~]\|\.\d\|\.\.\.\|\\$\)"""
)
_BINDING = _OPERAND + r"\|\s*([^()]*)\s*==\@!"
_HEADER = rf"{_OPERAND}\|\s*[(\[*+-]=\@!.\{{-}}\%(:\|[(\[{{,\\]\s*\%(#.*\)\=$\)"


def _match(group: str, words: Iterable[str], following: str, before: str = _STATEMENT) -> str:
    pattern = rf"{before}\<{_any(words)}\>\%({following}\)\@="
    return f"syn match lwt{group} `{pattern}`\n"


def _group(word: str) -> str:
    return _GROUPS.get(python_word(word), "Statement")


def _by_group(words: Iterable[str], following: str) -> str:
    words = tuple(words)
    groups = dict.fromkeys(map(_group, words))
    return "".join(
        _match(group, [word for word in words if _group(word) == group], following)
        for group in groups
    )


def _syntax() -> str:
    pattern = rf"\s\+\%({_any(PATTERN_WORDS)}\>\)\@!{_NAME}" + r"""\|\s*['"0-9\[{-]"""
    return (
        _by_group(STATEMENTS, _BINDING)
        + _by_group(HEADERS, _HEADER)
        + _by_group(TRY, r"\s*:")
        + _match("Conditional", ARM, pattern, before=r"\%(^\s*case\s\+\)\@<=")
    )


def _marker_syntax() -> str:
    not_defined = r"\%(\%(def\|class\)\s\+\|\.\)\@<!"
    return (
        f"syn match lwtMarker `{not_defined}\\<{_any(CALLED)}\\>\\ze\\s*(`\n"
        rf"syn match lwtMarker `\%(^\s*case\s\+\)\@<=\<{_any(ARM)}\>\ze\s*(`" + "\n"
        rf"syn match lwtMarker `@\@1<={_any(DECORATORS)}\>[.(]\@!` contained"
        " containedin=pythonDecoratorName\n"
    )


def _list(name: str, words: Iterable[str]) -> str:
    return f"let {name} = '{_any(words)}'\n"


def _chains() -> str:
    """What may open, and what may go on with, a statement of several blocks; Python's words too."""
    keyword = {row.python: row.word for row in KEYWORDS if row.python}

    def both(*words: str) -> str:
        return _any(each for word in words for each in (word, keyword.get(word)) if each)

    chains = (
        (both("if"), both("elif", "else")),
        (both("for", "while"), both("else")),
        (both("try"), both("except", "else", "finally")),
    )
    lines = [f"      \\ ['{opening}', '{clauses}'],\n" for opening, clauses in chains]
    return "".join(["let s:chains = [\n", *lines, "      \\ ]\n"])


SYNTAX = {"forms": _syntax()}
MARKER_SYNTAX = {"forms": _marker_syntax()}
INDENT = {
    "forms": _list("s:headers", [*HEADERS, *TRY])
    + _list("s:dedenting", DEDENTING)
    + _list("s:ending", ENDING)
    + _list("s:try", TRY)
}
FTPLUGIN = {"forms": _chains()}
