"""Print the output tree, and remember where each piece of the user's text went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lwtsyntax.ir.code import Code, Declared, Printed, Stand, grouped
from lwtsyntax.ir.output import (
    Apply,
    Body,
    Branch,
    Def,
    Expr,
    Guard,
    Helper,
    IfOut,
    Lambda,
    MatchOut,
    Out,
    Ref,
    Reraise,
    ReturnOut,
    Root,
    Text,
)
from lwtsyntax.ir.source import Source, Span

__all__ = ["Mapped", "Printer"]

INDENT = "    "
_CONTINUED = ("bind", "map", "then", "returning")  # by their second argument


@dataclass(frozen=True, slots=True)
class Mapped:
    """The output's text from *start* to *end* came from *source*; ``exact`` when it is the user's own.

    An empty *source*: the text goes on where the text before it ended, and has no place of its own.
    *start* at *end*: if not exact, what stood in the source left no text; if exact, what the statement or
    the lambda that begins here gives back is the wait *source*.
    """

    start: int
    end: int
    source: Span
    exact: bool


class Printer:
    """Collects text; ``text`` and ``mapping`` hold the result."""

    def __init__(self, source: Source, alias: str) -> None:
        self.source = source
        self.alias = alias
        self.parts: list[str] = []
        self.length = 0
        self.mapping: list[Mapped] = []
        self.origin = Span(0, 0)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    # -- text -----------------------------------------------------------------------------------

    def write(self, text: str) -> None:
        """Text of ours, which came from the statement at hand."""
        if text.strip():
            self.mapping.append(Mapped(self.length, self.length + len(text), self.origin, False))
        self._append(text)

    @contextmanager
    def _from(self, place: Span | None) -> Iterator[None]:
        """What is written meanwhile came from *place*, if that is known."""
        origin = self.origin
        self.origin = place or origin
        yield
        self.origin = origin

    def _mark(self, place: Span | None, *, exact: bool = True) -> None:
        """What follows waits at *place*; if not *exact*, what stood at *place* left no text."""
        if place is not None:
            self.mapping.append(Mapped(self.length, self.length, place, exact))

    def _line(self, text: str, indent: str) -> None:
        self._append(indent)
        self.write(f"{text}\n")

    def _append(self, text: str) -> None:
        if not text:
            return
        self.parts.append(text)
        self.length += len(text)

    def _user(self, span: Span, base: str, indent: str) -> None:
        """The user's text, its later lines moved from indentation *base* to *indent*."""
        for offset, line in self.source.lines_in(span):
            content = line
            if offset != span.start and not self.source.begins_in_string(
                self.source.line_of(offset)
            ):
                content = line.lstrip(" \t\f")
                space = line[: len(line) - len(content)].rpartition("\f")[2]
                extra = space[len(base) :] if space.startswith(base) else ""
                self._append("" if content in ("\n", "\r\n", "\r") else indent + extra)
            start = offset + len(line) - len(content)
            end = self.length + len(content)
            self.mapping.append(Mapped(self.length, end, Span(start, start + len(content)), True))
            self._append(content.replace("\r\n", "\n").replace("\r", "\n"))

    def code(self, item: Code, indent: str) -> None:
        base = self.source.indentation(self.origin.start)
        for piece in item:
            match piece:
                case Span():
                    self._user(piece, base, indent)
                case Stand():
                    with self._from(piece.place):
                        self.write(piece.replace("\n", "\n" + indent))
                case str():
                    self.write(piece.replace("\n", "\n" + indent))
                case Printed(definition=definition):
                    self._printed(definition)
                case Declared(plain=plain):
                    self.code(plain, indent)
                case _:
                    raise AssertionError(f"a hole was left in the output: {piece!r}")

    def _printed(self, definition: Def) -> None:
        """A definition inside text: it stands where its first line was."""
        indent = self.parts[-1].rpartition("\n")[2] if self.parts else ""
        origin = self.origin
        self.island(definition, indent)
        self.origin = origin

    # -- expressions ----------------------------------------------------------------------------

    def expression(self, value: Expr, indent: str) -> None:
        match value:
            case Ref(name=name):
                self.write(name)
            case Helper(name=name, arguments=arguments, place=place):
                self._call(f"{self.alias}.{name}", arguments, indent, place)
            case Apply(function=function, arguments=arguments):
                self._call(function, arguments, indent)
            case Lambda(place=place):
                self._lambda(value, indent, place)
            case _:
                self.code(value, indent)

    def _lambda(self, node: Lambda, indent: str, place: Span | None) -> None:
        """A lambda that stands for *place*, whatever its value came from."""
        if node.waits:
            self._mark(node.place)
        with self._from(place):
            self.write(f"lambda {', '.join(node.parameters)}: " if node.parameters else "lambda: ")
        with self._from(node.place):
            self.expression(node.value, indent)

    def _call(
        self, function: str, arguments: Sequence[Expr], indent: str, place: Span | None = None
    ) -> None:
        continued = function.removeprefix(f"{self.alias}.") in _CONTINUED
        with self._from(place):
            self.write(f"{function}(")
        for index, argument in enumerate(arguments):
            if index:
                self.write(", ")
            if continued and isinstance(argument, Lambda):
                self._lambda(argument, indent, place)  # goes on where the call waits
            else:
                self.expression(argument, indent)
        with self._from(place):
            self.write(")")

    # -- statements -----------------------------------------------------------------------------

    def body(self, body: Body, indent: str) -> None:
        empty = [node for node in body if isinstance(node, Text) and not node.code]
        if len(empty) == len(body):
            for node in empty:
                self._mark(node.origin, exact=False)
            with self._from(Span(self.origin.start, self.origin.start)):
                self._line("pass", indent)
        for statement in body:
            if statement in empty and len(empty) < len(body):
                self._mark(statement.origin, exact=False)
            self.statement(statement, indent)

    def statement(self, node: Out, indent: str) -> None:
        self.origin = node.origin
        if node.blank:
            self._append("\n")
        for comment in node.comments:
            self._append(f"{indent}{comment}\n")
        match node:
            case Text(code=item):
                if item:
                    self._append(indent)
                    self.code(item, indent)
                    self._append("\n")
            case ReturnOut(value=value, place=place):
                self._return(value, indent, place)
            case Def():
                self.definition(node, indent)
            case IfOut():
                self._branches(node, indent)
            case MatchOut(subject=subject, cases=cases):
                self._append(indent)
                self.write("match ")
                self.grouped(subject, indent)
                self.write(":\n")
                for case in cases:
                    self._arm("case ", case, indent + INDENT)
            case Guard(body=body, error=error, catches=catches):
                self._line("try:", indent)
                self.body(body, indent + INDENT)
                self.origin = node.origin
                self._append(indent)
                self.write(f"except {catches} as {error}:\n")
                self._append(indent + INDENT)
                self.write(f"return {self.alias}.failed({error})\n")
            case Reraise(clauses=clauses):
                self._line("try:", indent)
                self._line("raise", indent + INDENT)
                for clause in clauses:
                    self._arm("", clause, indent, grouping=False)

    def _return(self, value: Expr | None, indent: str, place: Span | None) -> None:
        self._append(indent)
        self._mark(place)
        with self._from(place):
            self.write("return")
        if value is not None:
            self.write(" ")
            self.grouped(value, indent)
        self._append("\n")

    def grouped(self, value: Expr, indent: str) -> None:
        """*value* where the text ends with the line: in parentheses when it runs over several."""
        if isinstance(value, tuple):
            value = grouped(value, self.source)
        self.expression(value, indent)

    def _branches(self, node: IfOut, indent: str) -> None:
        for index, branch in enumerate(node.branches):
            self._arm("elif " if index else "if ", branch, indent)
        if node.orelse:
            self._append(f"{indent}else:\n")
            self.body(node.orelse, indent + INDENT)

    def _arm(self, word: str, branch: Branch, indent: str, *, grouping: bool = True) -> None:
        for comment in branch.comments:
            self._append(f"{indent}{comment}\n")
        self._append(indent)
        self.write(word)
        if grouping:
            self.grouped(branch.head, indent)
        else:
            self.code(branch.head, indent)
        if branch.guard is not None:
            self.write(" if ")
            self.grouped(branch.guard, indent)
        self.write(":\n")
        origin = self.origin
        self.body(branch.body, indent + INDENT)
        self.origin = origin

    def definition(self, node: Def, indent: str, first: bool = False) -> None:
        """A generated function, or with its guard and header a thread function."""
        self.origin = node.origin
        inner = indent + INDENT
        if not first:
            self._append(indent)
        if isinstance(node, Root):
            self.code(node.header, indent)
            self._append("\n")
            if node.docstring is not None:
                self._append(inner)
                self.code(node.docstring, inner)
                self._append("\n")
        else:
            self.write(f"def {node.name}({', '.join(node.parameters)}):\n")
        for word, names in (("global", node.globals), ("nonlocal", node.nonlocals)):
            if names:
                self._append(f"{inner}{word} {', '.join(names)}\n")
        for name, annotation in node.declarations:
            self._append(inner)
            self.write(f"{name}: ")
            self.code(annotation, inner)
            self._append("\n")
        self.body(node.body, inner)

    def island(self, node: Def, indent: str) -> None:
        """A definition whose first line's indentation stands already; no line end comes last."""
        for comment in node.comments:
            self._append(f"{comment}\n{indent}")
        self.definition(node, indent, first=True)
        self.parts[-1] = self.parts[-1].rstrip("\n")
        self.length -= 1
