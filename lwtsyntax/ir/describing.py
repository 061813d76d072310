"""Print the normal form, for people."""

from __future__ import annotations

from lwtsyntax.ir.code import Code, Declared, Jump, Nested, Piece
from lwtsyntax.ir.direct import (
    Block,
    Collect,
    For,
    Function,
    Give,
    If,
    Match,
    Native,
    Operand,
    Return,
    Stmt,
    Try,
    TryMatch,
    Wait,
    While,
    With,
)
from lwtsyntax.ir.source import Source, Span

__all__ = ["describe"]


def describe(function: Function, source: Source, indent: str) -> str:
    """A program in normal form, as text for people: ``x = wait e`` is a wait."""
    return "\n".join(_Describer(source).function(function, indent)).removeprefix(indent)


class _Describer:
    def __init__(self, source: Source) -> None:
        self.source = source

    def text(self, item: Code | Operand | None) -> str:
        if isinstance(item, Operand):
            return f"wait {self.text(item.code)}"
        return "".join(map(self._piece, item or ()))

    def _piece(self, piece: Piece) -> str:
        match piece:
            case Span():
                return self.source.slice(piece)
            case Jump(kind=kind, value=value):
                return f"{kind} {self.text(value)}".rstrip()
            case Declared(annotated=annotated):
                return self.text(annotated)
            case Nested(function=function):
                return "\n".join(self.function(function, ""))
        return str(piece)

    def function(self, function: Function, indent: str) -> list[str]:
        return [indent + self.text(function.header), *self.block(function.body, indent + "    ")]

    def block(self, statements: Block, indent: str) -> list[str]:
        lines = [line for statement in statements for line in self.statement(statement, indent)]
        return lines or [f"{indent}pass"]

    def statement(self, node: Stmt, indent: str) -> list[str]:
        inner = indent + "    "
        match node:
            case Native(code=code):
                return [indent + self.text(code)]
            case Wait(operand=operand, target=target):
                return [indent + (f"{target} = " if target else "") + self.text(operand)]
            case Return(value=value):
                return [f"{indent}return {self.text(value)}".rstrip()]
            case Give(value=value):
                return [f"{indent}give {self.text(value)}"]
            case If(test=test, body=body, orelse=orelse, gives=gives):
                head = f"{gives} = if {self.text(test)}:" if gives else f"if {self.text(test)}:"
                return [indent + head, *self.block(body, inner), *self.orelse(orelse, indent)]
            case For(target=target, iterable=iterable, body=body, orelse=orelse):
                head = f"{indent}for {target} in {self.text(iterable)}:"
                return [head, *self.block(body, inner), *self.orelse(orelse, indent)]
            case While(condition=condition, body=body, orelse=orelse):
                lines = [f"{indent}while:", *self.block(condition, inner), f"{indent}do:"]
                return [*lines, *self.block(body, inner), *self.orelse(orelse, indent)]
            case Match(subject=subject, cases=cases, otherwise=otherwise):
                lines = [f"{indent}match {self.text(subject)}:"]
                for case in cases:
                    guard = f" if {self.text(case.guard)}" if case.guard else ""
                    lines.append(f"{inner}case {self.text(case.pattern)}{guard}:")
                    lines += self.block(case.body, inner + "    ")
                return [
                    *lines,
                    *([f"{indent}otherwise:", *self.block(otherwise, inner)] if otherwise else []),
                ]
            case TryMatch(
                operand=operand, subject=subject, value=value, error=error, errors=errors
            ):
                lines = [f"{indent}try:", *self.block(operand, inner), f"{indent}on {subject}:"]
                lines += [*self.block(value, inner), f"{indent}on exception {error}:"]
                return [*lines, *self.block(errors, inner)]
            case Collect(name=name, parameter=parameter, body=body):
                return [f"{indent}def {name}({parameter or ''}):", *self.block(body, inner)]
            case Try(body=body, handlers=handlers, orelse=orelse, cleanup=cleanup):
                lines = [f"{indent}try:", *self.block(body, inner)]
                for handler in handlers:
                    lines += [
                        f"{indent}{self.text(handler.head)}:",
                        *self.block(handler.body, inner),
                    ]
                lines += self.orelse(orelse, indent)
                return [
                    *lines,
                    *(
                        [f"{indent}finally:", *self.block(cleanup, inner)]
                        if cleanup is not None
                        else []
                    ),
                ]
            case With(manager=manager, target=target, body=body):
                head = f"{indent}with {self.text(manager)}{f' as {target}' if target else ''}:"
                return [head, *self.block(body, inner)]
        return [indent + type(node).__name__.lower()]

    def orelse(self, orelse: Block, indent: str) -> list[str]:
        return [f"{indent}else:", *self.block(orelse, indent + "    ")] if orelse else []
