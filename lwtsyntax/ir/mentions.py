"""Which names a program mentions where, found once for each statement and block."""

from __future__ import annotations

import ast

from lwtsyntax.ir.tree import children

__all__ = ["Mentions"]


class Mentions:
    """Answers for the syntax tree of one program, which may not change."""

    def __init__(self) -> None:
        self._names: dict[ast.AST, frozenset[str]] = {}
        self._places: dict[int, dict[str, list[int]]] = {}

    def of(self, node: ast.AST) -> frozenset[str]:
        """The names that *node* mentions, in any role."""
        known = self._names.get(node)
        if known is None:
            found = set(_named(node))
            for child in children(node):
                found |= self.of(child)
            known = self._names[node] = frozenset(found)
        return known

    def bound_first(self, body: list[ast.stmt], name: str) -> bool:
        """Whether the first statement of *body* that mentions *name* binds it on every path."""
        places = self._places_in(body).get(name)
        if places is None:
            return True
        later = len(places) > 1
        match body[places[0]]:
            case ast.Assign(targets=targets, value=value):
                simple = all(map(_is_pattern, targets))
                bound = any(name in self.of(target) for target in targets)
                return simple and bound and name not in self.of(value)
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                return target == name and name not in self.of(value)
            case ast.If(test=test, body=then, orelse=orelse):
                arms = [arm for arm in (then, orelse) if self._in(arm, name)]
                asked = later or name in self.of(test)
                return not asked and all(self.bound_first(arm, name) for arm in arms)
            case ast.Try(body=inner, handlers=handlers):
                concerned = [handler for handler in handlers if name in self.of(handler)]
                if later or (concerned and self._in(inner, name)):
                    return False
                bound = all(h.name == name or self.bound_first(h.body, name) for h in concerned)
                return bound and self.bound_first(inner, name)
            case ast.Match(subject=subject, cases=cases):
                cases = [case for case in cases if name in self.of(case)]
                asked = later or name in self.of(subject)
                return not asked and all(self._bound_in_case(case, name) for case in cases)
        return False

    def _bound_in_case(self, case: ast.match_case, name: str) -> bool:
        if name in self.of(case.pattern):
            return True
        unasked = case.guard is None or name not in self.of(case.guard)
        return unasked and self.bound_first(case.body, name)

    def _in(self, body: list[ast.stmt], name: str) -> bool:
        return name in self._places_in(body)

    def _places_in(self, body: list[ast.stmt]) -> dict[str, list[int]]:
        """Each name of *body*, with the statements that mention it."""
        places = self._places.get(id(body))
        if places is None:
            places = self._places[id(body)] = {}
            for index, statement in enumerate(body):
                for name in self.of(statement):
                    places.setdefault(name, []).append(index)
        return places


def _is_pattern(target: ast.expr) -> bool:
    match target:
        case ast.Name():
            return True
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(map(_is_pattern, elements))
        case ast.Starred(value=value):
            return _is_pattern(value)
    return False


def _named(node: ast.AST) -> list[str]:
    """The names that *node* itself mentions."""
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.ClassDef(name=name) | ast.MatchStar(name=str(name)) | ast.MatchAs(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)) | ast.ExceptHandler(name=str(name)):
            return [name]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return list(names)
        case ast.alias(name=whole, asname=asname):
            return [asname or whole.partition(".")[0]]
    return []
