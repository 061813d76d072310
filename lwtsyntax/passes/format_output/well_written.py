"""Lines that black would print as they are.

What is taken for well written is a part of what is: the words between which black has a choice of
white space, brackets, quotes or lines are not in the patterns below.
"""

from __future__ import annotations

import re

__all__ = ["LINE_LENGTH", "well_written"]

LINE_LENGTH = 88

_KEYWORDS = (
    "and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if"
    "|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield"
)
_NAME = rf"(?!(?:{_KEYWORDS})\b)[A-Za-z_][A-Za-z0-9_]*(?![\"'])"
_NAMES = rf"{_NAME}(?:, {_NAME})*"
_DOTTED = rf"{_NAME}(?:\.{_NAME})*"
# Neither quote is in them, nor an escape that black might write in another way.
_BODY = r"(?:[^\"'\\]|\\[abfnrtv\\ .()\[\]*+?sSdDwW])*"
_STRING = (
    rf"(?:[rb]?(?:\"{_BODY}\"(?!\")|'{_BODY}'(?!'))|f(?:\"[^\"'\\]*\"(?!\")|'[^\"'\\]*'(?!')))"
)
_NUMBER = r"\d+(?:\.\d+)?(?![\w.])"
_PREFIX = rf"(?:\[|\(|-|~|not |lambda(?: {_NAMES})?: |{_NAME}=(?!=)|\*\*?(?!\*))"
_OPERAND = rf"(?:\({_DOTTED},\)|{_PREFIX}*(?:{_STRING}|{_NUMBER}|{_NAME}|(?<=\[)\]|\{{\}}))"
_OPERATOR = r" (?:[-+*/%@&|^<>]|//|<<|>>|[=!<>]=|and|or|not in|in|is|is not|if|else|for) "
_SLICE = rf"\[(?:{_NAME}|\d+)?:(?:{_NAME}|\d+)?\]"
_EXPRESSION = rf"{_OPERAND}(?:[)\]]|\.{_NAME}|\(\)|{_SLICE}|(?:\(|\[|, |{_OPERATOR}){_OPERAND})*+"
_TARGET = rf"{_NAME}(?:\.{_NAME}|\[(?:{_NAME}|{_NUMBER}|{_STRING})\])*"
_TARGETS = rf"(?:{_TARGET}(?:, {_TARGET})* = |{_TARGET} (?:[-+*/%@&|^]|//|<<|>>)= )"
_PARAMETER = rf"(?:\*{{0,2}}{_NAME}(?:=(?:{_STRING}|{_NUMBER}|{_DOTTED}))?|\*|/)"

_BARE = rf"pass|break|continue|return|raise|try:|else:|finally:|(?:global|nonlocal) {_NAMES}"
_ANNOTATION = rf"{_NAME}: {_DOTTED}"
_IMPORT = rf"import {_DOTTED}|from {_DOTTED} import {_NAMES}"
_CLAUSE = rf"except\*? {_DOTTED}(?: as {_NAME})?:"
_DEFINITION = rf"def {_NAME}\((?:{_PARAMETER}(?:, {_PARAMETER})*)?\):"
_WITHOUT_VALUE = re.compile(rf"{_BARE}|{_ANNOTATION}|{_IMPORT}|{_CLAUSE}|{_DEFINITION}")
_WITH_VALUE = re.compile(
    rf"(?:(?P<header>(?:if|elif|while|match|case|for {_NAMES} in) )|return |raise |yield |{_TARGETS}|@)?"
    rf"(?P<value>{_EXPRESSION})(?P<end>:| from {_NAME}|)"
)
_STRINGS = re.compile(_STRING)
_SINGLE = re.compile(rf"'({_BODY})'")
_SPACE = re.compile(r"(?<=\S) {2,}")
_COMMA = re.compile(r",(?=[^ )\]])")
_KEYWORD_ARGUMENT = re.compile(r"\w=(?!=)")


def well_written(line: str) -> str | None:
    """*line*, which holds one statement, or the header of one, as black prints it: as it is, but for quotes, and for
    spaces where it holds no string.  None where black may have more to say about it."""
    if '"' not in line and "'" not in line:
        line = _COMMA.sub(", ", _SPACE.sub(" ", line))
    if _WITHOUT_VALUE.fullmatch(line):
        return _SINGLE.sub(r'"\1"', line)
    found = _WITH_VALUE.fullmatch(line)
    if found is None or not line.isascii() or line[0] in "\"'":
        return None
    value = found["value"]
    if (found["end"] == ":") != bool(found["header"]) or value[0] == "(" or "[(" in value:
        return None
    if found["end"].startswith(" from") and not line.startswith("raise "):
        return None
    bare = _STRINGS.sub("0", value) if '"' in value or "'" in value else value
    if bare.count("(") != bare.count(")") or bare.count("[") != bare.count("]"):
        return None
    for argument in _KEYWORD_ARGUMENT.finditer(bare):
        before = bare[: argument.start()]
        if before.count("(") <= before.count(")"):
            return None
    return _SINGLE.sub(r'"\1"', line)
