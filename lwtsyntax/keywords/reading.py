"""Find the keyword forms of a text by its tokens.

The keywords are *soft*: a word is one only at the beginning of a statement (``exception`` behind
``case``), and only where Python as it is has no use for it.  The rules, each with its test:

- ``lwt``, ``return_lwt``, ``raise_lwt``, ``assert_lwt``: before an operand that begins with a name, a literal,
  ``{``, ``~``, or a keyword that opens an expression (``not x``, ``lambda``, ``None``).  Before ``(``, ``[``, ``.``, an
  operator, an operator keyword (``if``, ``in``, ``not in``, …), ``=``, ``:``, ``,`` or the end, it is a variable;
  but ``lwt (x, y) = e`` is a form, since nobody assigns a call.
- the headers ``for_lwt``, ``if_lwt``, …: where a ``:`` ends the header.  A variable with attributes and
  subscripts before the ``:`` is annotated, if something follows: ``if_lwt[c]: int``.
- ``try_lwt``: before a ``:`` that ends the line, or where ``except`` or ``finally`` follows.
- a header or ``try_lwt`` without its ``:`` too, where an indented block follows: no statement of Python has one.
- ``case exception P``: before what begins a pattern, brackets aside.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lwtsyntax.ir.source import Source, Span
from lwtsyntax.markers import KEYWORDS, Keyword

__all__ = ["WORDS", "KeywordForm", "Reading", "read_forms", "tokens_of"]

WORDS = {row.word: row for row in KEYWORDS}

_HEADS = frozenset(
    ("if", "elif", "else", "for", "while", "with", "try", "except", "finally")
    + ("def", "class", "async", "match", "case")
)
_OPERATORS = frozenset(("and", "or", "in", "is", "if", "else", "for", "as", "from"))
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_BEFORE_OPERAND = frozenset("([+-*")  # and behind an operand, too
_LITERALS = frozenset(("NUMBER", "STRING", "FSTRING_START", "TSTRING_START"))
_LINE_ENDS = frozenset(("NEWLINE", "ENDMARKER"))
_LAYOUT = _LINE_ENDS | {"INDENT", "DEDENT"}
_KINDS = tokenize.tok_name
_SILENT = frozenset((tokenize.COMMENT, tokenize.NL))


@dataclass(frozen=True, slots=True)
class KeywordForm:
    """A keyword where it is one; *span* is that of the word."""

    keyword: Keyword
    span: Span
    ands: tuple[Span, ...] = ()  # of `lwt`: each `and` before a further binding


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


_END = Token("ENDMARKER", "", 0, 0)


def read_forms(source: Source) -> list[KeywordForm]:
    """The keyword forms of *source*, in order."""
    return list(Reading(list(tokens_of(source))).forms())


def tokens_of(source: Source) -> Iterator[Token]:
    """The tokens without comments, up to the first that is none: Python says what is wrong there."""
    text = source.text.partition("\0")[0]  # which tokenize may fail at (SystemError in Python 3.12)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        for kind, string, start, end, _ in tokenize.generate_tokens(io.StringIO(text).readline):
            if kind not in _SILENT:
                first = source.offset_of(*start)
                last = first + end[1] - start[1] if start[0] == end[0] else source.offset_of(*end)
                yield Token(_KINDS[kind], string, first, last)
    except (tokenize.TokenError, SyntaxError):
        return


class Reading:
    """What the tokens of a text are, as far as keywords go."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def token(self, index: int) -> Token:
        return self.tokens[index] if index < len(self.tokens) else _END

    def forms(self) -> Iterator[KeywordForm]:
        for index, is_start in self.starts():
            token = self.token(index)
            if is_start and token.text in WORDS and self._is_keyword(index):
                keyword = WORDS[token.text]
                ands = tuple(self._ands(index)) if keyword.kind == "binding" else ()
                yield KeywordForm(keyword, token.span, ands)
            elif not is_start:
                yield KeywordForm(WORDS["exception"], token.span)

    def starts(self) -> Iterator[tuple[int, bool]]:
        """Where statements begin; and where the word stands that opens an exception arm."""
        depth = lambdas = 0
        begins, in_header = True, False
        for index, token in enumerate(self.tokens):
            if token.kind in _LAYOUT:
                depth, lambdas, begins, in_header = 0, 0, True, False
            elif begins and token.text != ";":
                begins = False
                yield index, True
                if token.text == "case" and self._is_arm(index + 1):
                    yield index + 1, False
                word = WORDS.get(token.text)
                in_header = token.text in _HEADS or (
                    word is not None and word.kind in ("header", "try") and self._is_keyword(index)
                )
                if token.text in _OPENING:
                    depth += 1
                lambdas += token.text == "lambda"
            elif token.kind == "OP" and token.text in _OPENING:
                depth += 1
            elif token.kind == "OP" and token.text in _CLOSING:
                depth -= 1
            elif depth == 0 and token.text == "lambda":
                lambdas += 1
            elif depth == 0 and token.kind == "OP" and token.text == ":":
                if lambdas:
                    lambdas -= 1
                else:
                    begins, in_header = in_header, False
            elif depth == 0 and token.kind == "OP" and token.text == ";":
                begins = True

    def _is_keyword(self, index: int) -> bool:
        kind = WORDS[self.token(index).text].kind
        if kind == "arm":
            return False
        if kind == "try":
            return self._is_try(index)
        if kind == "header":
            return self._is_header(index)
        return self.begins_operand(index + 1) or (kind == "binding" and self._is_target(index + 1))

    def _is_target(self, index: int) -> bool:
        """Whether brackets that are assigned begin here: nobody assigns a call."""
        return self.token(index).text == "(" and self.token(self._behind(index)).text == "="

    def begins_operand(self, index: int) -> bool:
        """Whether an operand begins here, by a token that cannot go on with a variable."""
        token = self.token(index)
        if token.text == "not":
            return self.token(index + 1).text != "in"
        if token.kind == "NAME":
            return token.text not in _OPERATORS
        return token.kind in _LITERALS or (token.kind == "OP" and token.text in ("{", "~", "..."))

    def _is_try(self, index: int) -> bool:
        if self.token(index + 1).text != ":":
            return self._lacks_colon(index + 1)
        following = index + 2
        if self.token(following).kind in _LINE_ENDS:
            return True
        while self.token(following).kind not in _LINE_ENDS:
            following += 1
        return self.token(following + 1).text in ("except", "finally")

    def _is_header(self, index: int) -> bool:
        """Whether a ``:`` ends a header that is no annotated variable."""
        at, last = index + 1, ""
        if self.begins_operand(at):
            return True
        if self.token(at).text in _OPERATORS:
            return False
        while True:
            text = self.token(at).text
            if text == ".":
                at += 2
            elif text in ("(", "["):
                at = self._behind(at)
            else:
                break
            last = text
        if self.token(at).text == ":":
            ends_line = self.token(at + 1).kind in _LINE_ENDS
            return bool(last) and (ends_line or last == "(")
        if self._has_colon(at):
            return True
        return self.token(index + 1).text in _BEFORE_OPERAND and self._lacks_colon(index + 1)

    def _lacks_colon(self, index: int) -> bool:
        """Whether the simple statement that goes on here ends its line, and a block follows."""
        if any(each.kind == "OP" and each.text in (":", "=") for each in self.flat(index)):
            return False
        while self.token(index).kind not in _LINE_ENDS:
            index += 1
        return self.token(index + 1).kind == "INDENT"

    def _behind(self, index: int) -> int:
        """Behind the brackets that open at *index*."""
        depth = 0
        while True:
            token = self.token(index)
            index += 1
            if token.kind == "OP" and token.text in _OPENING:
                depth += 1
            elif token.kind == "OP" and token.text in _CLOSING:
                depth -= 1
            if depth == 0 or token.kind in _LINE_ENDS:
                return index

    def flat(self, index: int) -> Iterator[Token]:
        """What stands in no brackets and no lambda's head, up to the end of the simple statement."""
        depth = lambdas = 0
        while True:
            token = self.token(index)
            index += 1
            is_op = token.kind == "OP"
            if token.kind in _LINE_ENDS or (is_op and token.text == ";" and depth == 0):
                return
            if is_op and token.text in _OPENING:
                depth += 1
            elif is_op and token.text in _CLOSING:
                depth -= 1
            elif depth == 0 and token.text == "lambda":
                lambdas += 1
            elif depth == 0 and lambdas and is_op and token.text == ":":
                lambdas -= 1
            elif depth == 0 and not lambdas:
                yield token

    def _has_colon(self, index: int) -> bool:
        for token in self.flat(index):
            if token.kind == "OP" and token.text == "=":
                return False
            if token.kind == "OP" and token.text == ":":
                return True
        return False

    def _ands(self, index: int) -> Iterator[Span]:
        """The ``and`` before each binding but the first: the last one before its ``=``."""
        last = None
        for token in self.flat(index + 1):
            if token.text == "and":
                last = token.span
            elif token.kind == "OP" and token.text == "=" and last is not None:
                yield last
                last = None

    def _is_arm(self, index: int) -> bool:
        following = self.token(index + 1)
        if self.token(index).text != "exception":
            return False
        if following.kind == "NAME":
            return following.text not in ("if", "as")
        if following.kind in _LITERALS:
            return True
        return following.kind == "OP" and following.text in ("[", "{", "-")
