"""``match match_lwt(e)`` is ``match await e``; with exception arms it stands in a ``try``."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from lwtsyntax.ir.code import Code, code, join
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.scopes import Scope, identifiers
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tree import children
from lwtsyntax.passes.to_async.threads import Starts
from lwtsyntax.passes.to_async.withs import Withs

__all__ = ["Matches"]

_Place = tuple[int, int]
_Arm = tuple[ast.match_case, Span]  # a case, and its lines
_CLOSURES = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.GeneratorExp)


class Matches(Withs):
    """The arms move as text, so that what is in them stays as it was written."""

    def __init__(self, markers: Markers, source: Source, starts_elsewhere: Starts) -> None:
        super().__init__(markers, source, starts_elsewhere)
        self._uses: dict[ThreadFunction, dict[str, list[_Place | None]]] = {}

    def visit_Match(self, node: ast.Match) -> None:
        call = node.subject
        if not isinstance(call, ast.Call) or self.markers.form(call) != "match_lwt":
            self.visit_all(children(node))
        elif any(case.pattern in self.markers.exception_arms for case in node.cases):
            self._try_match(node, call)
        else:
            self._subject(call)
            self.visit_all(node.cases)

    def _subject(self, call: ast.Call) -> None:
        (operand,) = call.args
        self.directly(operand)
        self.unwrap(call, "await ", fits=self.is_primary(operand))

    def _try_match(self, node: ast.Match, call: ast.Call) -> None:
        """``try: value = await e``, ``except …`` for the exception arms, ``else: match value: …``"""
        start, colon = self.span(node).start, self.colon(self.span(call).end)
        base, unit = self.source.indentation(start), self.unit
        self.unit = self.source.indentation(self._place(node.cases[0].pattern))[len(base) :]
        arms = [*self._arms(node, self.next_line(colon))]
        errors = [arm for arm in arms if arm[0].pattern in self.markers.exception_arms]
        values = [arm for arm in arms if arm not in errors]
        indent = self.moved(base)
        self._subject(call)
        operand = self.edits.take(self.span(call))
        value = self.fresh.of("value of a wait") if values else ""
        lines = [
            code("try:", self.text[colon + 1 : self.line_end(colon)]),
            code(indent, self.unit, f"{value} = " if values else "", operand),
        ]
        if all(self._is_clause(case) for case, _ in errors):
            lines += [self._clause(arm, base) for arm in errors]
        else:
            lines += self._match_on_error(errors, base)
        if values:
            lines += [code(indent, "else:"), code(indent, self.unit, f"match {value}:")]
            lines += [self._deeper(arm, base) for arm in values]
        self.edits.replace(start, arms[-1][1].end, join("\n", lines))
        self.unit = unit

    def _match_on_error(self, arms: list[_Arm], base: str) -> list[Code]:
        """One ``except`` clause, and in it a match over the exception."""
        indent = self.moved(base)
        error = self.fresh.of("guard's exception")
        everything = "BaseException"
        if self.scope.resolve(everything) is not None:
            everything = self.helper("AnyError")
        lines = [
            code(f"{indent}except {everything} as {error}:"),
            code(f"{indent}{self.unit}match {error}:"),
        ]
        for arm in arms:
            case, _ = arm
            self._bare_pattern(case.pattern)
            # Python wants a case that takes all to be the last
            if arm is not arms[-1] and _irrefutable(case):
                self.edits.insert(self.span(case.pattern).end, " if True")
            lines.append(self._deeper(arm, base))
        if not _irrefutable(arms[-1][0]):
            lines += [
                code(indent, self.unit * 2, "case _:"),
                code(indent, self.unit * 3, "raise"),
            ]
        return lines

    def _arms(self, node: ast.Match, at: int) -> Iterator[_Arm]:
        for case in node.cases:
            end = self._end_of_arm(case)
            yield case, Span(at, self.line_end(end))
            at = self.next_line(end)

    def _end_of_arm(self, case: ast.match_case) -> int:
        """The end of the last statement, with the comments that belong to it."""
        column = len(self.source.indentation(self._place(case.pattern)))
        end = self.source.whole(case.body[-1]).end
        for comment in self.source.following_comments(end):
            same_line = "\n" not in self.text[end : comment.span.start]
            if not same_line and not (comment.own_line and comment.column > column):
                break
            end = comment.span.end
        return end

    def _deeper(self, arm: _Arm, base: str) -> Code:
        """The lines of an arm, edited, one level deeper."""
        case, lines = arm
        with self.deeper(lines, 1, base):
            self.visit_all([case.pattern, case.guard, *case.body])
        return self.edits.take(lines)

    def _bare_pattern(self, pattern: ast.pattern) -> None:
        """``exception(P)`` is P."""
        assert isinstance(pattern, ast.MatchClass)
        whole, inner = self.span(pattern), self.span(pattern.patterns[0])
        opening = self.text.index("(", self.span(pattern.cls).end)
        text = self.text[opening : whole.end]
        if "\n" in text or "#" in text:
            self.edits.replace(whole.start, opening)
        else:
            self.edits.replace(whole.start, inner.start)
            self.edits.replace(inner.end, whole.end)

    def _place(self, pattern: ast.pattern) -> int:
        return self.source.offset(pattern.lineno, pattern.col_offset)

    # -- arms as except clauses -----------------------------------------------------------------

    def _is_clause(self, case: ast.match_case) -> bool:
        """Whether ``except`` says the same: the classes are exceptions, and no name outlives the arm."""
        inner, name = _captured(case)
        span = self.span(case.pattern)
        keyword = self.text.rindex("case", 0, span.start)
        if case.guard is not None or "\n" in self.text[span.start : span.end]:
            return False
        if self.text[keyword : span.start].strip() != "case":  # in parentheses
            return False
        if not all(map(self._is_exception, _alternatives(inner))):
            return False
        if inner is None and self.scope.resolve("BaseException") is not None:
            return False
        return name is None or self._is_only_in(name, case)

    def _is_exception(self, pattern: ast.pattern) -> bool:
        name = _class_name(pattern)
        return name is not None and self._names_exception(name, self.scope)

    def _names_exception(self, name: str, scope: Scope, depth: int = 0) -> bool:
        """Whether *name* surely is a class of exceptions: a builtin one, or made of such in this file."""
        owner = scope.resolve(name)
        if owner is None:
            found = getattr(builtins, name, None)
            known = "*" not in scope.module.binders
            return known and isinstance(found, type) and issubclass(found, BaseException)
        made = owner.definitions.get(name)
        if owner.binders[name] != 1 or not isinstance(made, ast.ClassDef) or made.keywords:
            return False
        bases = [base.id for base in made.bases if isinstance(base, ast.Name)]
        return depth < 10 and any(self._names_exception(base, owner, depth + 1) for base in bases)

    def _is_only_in(self, name: str, case: ast.match_case) -> bool:
        """Whether *name* is a local that is used in *case* only, and by no closure."""
        assert self.function is not None
        if not self.scope.owns(name) or self.scope.kind != "function":
            return False
        if self.function not in self._uses:
            self._uses[self.function] = _uses(self.function.node)
        places = self._uses[self.function].get(name, [])
        last = case.body[-1]
        end = (last.end_lineno or 0, last.end_col_offset or 0)
        start = (case.pattern.lineno, case.pattern.col_offset)
        return all(place is not None and start <= place < end for place in places)

    def _clause(self, arm: _Arm, base: str) -> Code:
        """``case exception(E() as e):`` as ``except E as e:``, one level less deep."""
        case, _ = arm
        inner, name = _captured(case)
        classes = [str(_class_name(pattern)) for pattern in _alternatives(inner)]
        types = ", ".join(classes) or "BaseException"
        head = f"except ({types})" if len(classes) > 1 else f"except {types}"
        span = self.span(case.pattern)
        self.edits.replace(
            self.text.rindex("case", 0, span.start), span.end, f"{head} as {name}" if name else head
        )
        with self.deeper(arm[1], -1, base):
            self.visit_all(case.body)
        return self.edits.take(arm[1])


def _uses(function: ast.FunctionDef) -> dict[str, list[_Place | None]]:
    """Where *function* uses its names; None stands for a use in a closure."""
    found: dict[str, list[_Place | None]] = {}
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, _CLOSURES):
            for name in identifiers(node):
                found.setdefault(name, []).append(None)
            continue
        match node:
            case ast.Name(id=name) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.setdefault(name, []).append((node.lineno, node.col_offset))
            case ast.ExceptHandler(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.setdefault(name, []).append((node.lineno, node.col_offset))
            case ast.alias(name=name, asname=asname):
                found.setdefault(asname or name, []).append((node.lineno, node.col_offset))
        todo += children(node)
    return found


def _captured(case: ast.match_case) -> tuple[ast.pattern | None, str | None]:
    """The pattern inside ``exception(P as e)``, None where it takes everything, and the name."""
    assert isinstance(case.pattern, ast.MatchClass)
    inner = case.pattern.patterns[0]
    return (inner.pattern, inner.name) if isinstance(inner, ast.MatchAs) else (inner, None)


def _alternatives(pattern: ast.pattern | None) -> list[ast.pattern]:
    """A, B of ``A | B``."""
    if pattern is None:
        return []
    return pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]


def _class_name(pattern: ast.pattern) -> str | None:
    """E of the pattern ``E()``."""
    match pattern:
        case ast.MatchClass(cls=ast.Name(id=name), patterns=[], kwd_patterns=[]):
            return name
    return None


def _irrefutable(case: ast.match_case) -> bool:
    """Whether the arm ``exception(P)`` takes every exception."""
    assert isinstance(case.pattern, ast.MatchClass)
    return case.guard is None and _takes_all(case.pattern.patterns[0])


def _takes_all(pattern: ast.pattern) -> bool:
    match pattern:
        case ast.MatchOr(patterns=[*_, last]):
            return _takes_all(last)
        case ast.MatchAs(pattern=inner):
            return inner is None or _takes_all(inner)
    return False
