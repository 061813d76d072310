"""Abbreviate the statements that black would print as they are, and put them back into what it printed.

Input: a text that black is to lay out.  Output: one in which a name stands for each statement that fits
into its line and is written as black writes it, or for a run of them.  black's time goes by tokens, and
most of the tokens of an output are in such statements::

    callee = started(self.parse)                        name_0
    if callee == 1:                                     if name_1:
        return Lwt.map(callee(text), lambda x: x + 1)       return name_2

What is taken for well written is a part of what is: the words between which black has a choice of
white space, brackets, quotes or lines are not in the pattern below.
"""

from __future__ import annotations

import re

from lwtsyntax.ir.source import Source

__all__ = ["Abbreviated", "abbreviate"]

LINE_LENGTH = 88

_KEYWORDS = (
    "and|as|assert|async|await|break|case|class|continue|def|del|elif|else|except|finally|for|from|global|if"
    "|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|try|type|while|with|yield"
)
_NAME = rf"(?!(?:{_KEYWORDS})\b)[A-Za-z_][A-Za-z0-9_]*(?![\"'])"
# Neither quote is in them, nor an escape that black might write in another way.
_BODY = r"(?:[^\"'\\]|\\[abfnrtv\\ .()\[\]*+?sSdDwW])*"
_STRING = rf"(?:[rb]?(?:\"{_BODY}\"(?!\")|'{_BODY}'(?!'))|f\"[^\"'\\]*\"(?!\"))"
_NUMBER = r"\d+(?:\.\d+)?(?![\w.])"
_PARAMETERS = rf"(?: {_NAME}(?:, {_NAME})*)?"
_PREFIX = rf"(?:\[|-|~|not |lambda{_PARAMETERS}: |{_NAME}=(?!=)|\*\*?(?!\*))"
_OPERAND = rf"{_PREFIX}*(?:{_STRING}|{_NUMBER}|{_NAME}|(?<=\[)\])"
_OPERATOR = r" (?:[-+*/%@&|^<>]|//|<<|>>|[=!<>]=|and|or|not in|in|is|is not|if|else|for) "
_EXPRESSION = rf"{_OPERAND}(?:[)\]]|\.{_NAME}|\(\)|(?:\(|\[|, |{_OPERATOR}){_OPERAND})*+"
_TARGET = rf"{_NAME}(?:\.{_NAME}|\[(?:{_NAME}|{_NUMBER}|{_STRING})\])*"
_TARGETS = rf"(?:{_TARGET}(?:, {_TARGET})* = |{_TARGET} (?:[-+*/%@&|^]|//|<<|>>)= )"
_STATEMENT = re.compile(
    rf"(?:(?P<word>return |raise |if |elif |while )|{_TARGETS})?(?P<value>{_EXPRESSION})(?P<colon>:?)"
)
_STRINGS = re.compile(_STRING)
_TRIPLE = re.compile(r"\"{3}|'{3}")
_ANY_STRING = re.compile(r"\"{3}.*?\"{3}|'{3}.*?'{3}|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_SINGLE = re.compile(rf"'({_BODY})'")
# What makes lines hard to tell apart, and black's own comments.
_DOUBTFUL = re.compile(r"\\\n|\f|\r|fmt:|type:|noqa|pragma|[fFtT][rR]?[\"'][^\n]*\{[^}\n]*[\"']")
_KEYWORD_ARGUMENT = re.compile(r"\w=(?!=)")
_COMPOUND = ("if ", "elif ", "while ")


class Abbreviated:
    """A text with names for statements; what they stand for."""

    def __init__(self, text: str, prefix: str, parts: list[list[str]]) -> None:
        self.text = text
        self._name = re.compile(rf"{prefix}(\d+)\b")
        self._parts = parts

    def expanded(self, formatted: str) -> str | None:
        """*formatted* with the statements in place of the names; None if one does not fit into its line."""
        lines: list[str] = []
        for line in formatted.split("\n"):
            found = self._name.search(line)
            if found is None:
                lines.append(line)
                continue
            head, tail = line[: found.start()], line[found.end() :]
            indent = head[: len(head) - len(head.lstrip())]
            first, *others = self._parts[int(found[1])]
            new = [head + first, *(indent + other for other in others)]
            new[-1] += tail
            if max(map(len, new)) > LINE_LENGTH:
                return None
            lines += new
        return "\n".join(lines)


def abbreviate(text: str) -> Abbreviated | None:
    """*text* abbreviated; None where it cannot be told which lines are statements."""
    if _DOUBTFUL.search(text):
        return None
    prefix = "name_"
    while prefix in text:
        prefix = f"{prefix}_"
    lines: list[str] = []
    parts: list[list[str]] = []
    depth = 0
    run: str | None = None  # the indentation of the statements that the last line stands for
    inside = _lines_in_strings(text) if _TRIPLE.search(text) else set()
    for number, line in enumerate(text.split("\n"), 1):
        content = line.lstrip(" ")
        indent = line[: len(line) - len(content)]
        ours = depth == 0 and len(line) <= LINE_LENGTH and number not in inside
        found = _well_written(content) if ours else None
        if found is None:
            if number in inside:
                if len(_TRIPLE.findall(content)) > 1:
                    return None
                content = _TRIPLE.split(content)[-1] if number + 1 not in inside else ""
            depth += _opened(content)
            if depth < 0:
                return None
            run = None
            lines.append(line)
            continue
        head, value, tail = found
        if head or tail:
            run = None
        elif run == indent:
            parts[-1].append(value)
            continue
        else:
            run = indent
        lines.append(f"{indent}{head}{prefix}{len(parts)}{tail}")
        parts.append([value])
    return Abbreviated("\n".join(lines), prefix, parts)


def _lines_in_strings(text: str) -> set[int]:
    source = Source(text, "")
    return {line for line in range(1, source.line_count + 1) if source.begins_in_string(line)}


def _well_written(content: str) -> tuple[str, str, str] | None:
    """What is to stand before the name, what it stands for, and what comes behind, if that is so."""
    found = _STATEMENT.fullmatch(content)
    if found is None or not content.isascii() or content[0] in "\"'":
        return None
    word, colon = found["word"] or "", found["colon"]
    if bool(colon) != (word in _COMPOUND):
        return None
    bare = _STRINGS.sub("0", content) if '"' in content or "'" in content else content
    if bare.count("(") != bare.count(")") or bare.count("[") != bare.count("]"):
        return None
    for argument in _KEYWORD_ARGUMENT.finditer(bare):
        before = bare[: argument.start()]
        if before.count("(") <= before.count(")"):
            return None
    value = content[len(word) : len(content) - len(colon)]
    return word, _SINGLE.sub(r'"\1"', value), colon


def _opened(content: str) -> int:
    """How many brackets more are opened than closed in a line."""
    bare = _TRIPLE.split(_ANY_STRING.sub("", content))[0].partition("#")[0]
    opening = bare.count("(") + bare.count("[") + bare.count("{")
    return opening - bare.count(")") - bare.count("]") - bare.count("}")
