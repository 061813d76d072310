"""The names under which a program in marker spelling has its markers, and the imports it lacks."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.spelling import Edit
from lwtsyntax.ir.tree import walk
from lwtsyntax.markers import FORMS, KEYWORDS
from lwtsyntax.names import RUNTIME, RUNTIME_ALIAS, Fresh

__all__ = ["MarkerNames", "Naming", "opening"]

_PACKAGE = "lwtsyntax"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# whatever uses or binds a name
_NAMING = (
    *_DEFINITIONS,
    *(ast.Name, ast.arg, ast.Global, ast.Nonlocal, ast.alias, ast.ExceptHandler),
    *(ast.MatchAs, ast.MatchStar, ast.MatchMapping),
)
_MARKERS = {form.name for form in FORMS}
_WORDS = {row.word for row in KEYWORDS}


class Naming:
    """What a run of statements of a module does with names."""

    def __init__(self, body: Sequence[ast.stmt]) -> None:
        self.bound: Counter[str] = Counter()
        self.loads: set[str] = set()
        self.words: list[ast.Name] = []  # keywords that stand as variables and are no markers
        self.imports = list(_imports_of(body))
        for statement in body:
            for node in walk(statement):
                if isinstance(node, _NAMING):
                    self._add(node)

    def _add(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                self.loads.add(name)
                if name in _WORDS and name not in _MARKERS:
                    self.words.append(node)
            case ast.Name(id=name) | ast.arg(arg=name):
                self.bound[name] += 1
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self.bound.update(names)
            case _:
                self.bound.update(_bound(node))

    def unbound(self) -> set[str]:
        """The names that are used and bound nowhere; none where a star import may bind any."""
        return set() if self.bound["*"] else self.loads - self.bound.keys()


def _joined(namings: Iterable[Naming]) -> Naming:
    joined = Naming([])
    for each in namings:
        joined.bound.update(each.bound)
        joined.loads |= each.loads
        joined.words += each.words
        joined.imports += each.imports
    return joined


class MarkerNames:
    """Gives the name of each marker; those that the program has not imported are imported."""

    def __init__(self, tree: ast.Module, namings: Iterable[Naming] | None = None) -> None:
        """*namings* are those of the text where *tree* is only what opens it."""
        self.tree = tree
        naming = Naming(tree.body) if namings is None else _joined(namings)
        self._fresh = Fresh(naming.bound.keys() | naming.loads)
        self.asked: dict[tuple[str, str, str], str] = {}  # what has been named so far, and how
        self._have = {key: local for key, local in naming.imports if naming.bound[local] == 1}
        self._imported: list[tuple[str, str, str]] = []  # module, name, local name
        unbound = naming.unbound()
        for name in sorted(unbound & _MARKERS):
            self._import(_PACKAGE, name, name)
        self.undefined = [node for node in naming.words if node.id in unbound]

    def marker(self, name: str) -> str:
        """The local name of the marker *name*."""
        return self._name(_PACKAGE, name, name)

    def waits(self) -> set[str]:
        """The local names of the markers that the text has already."""
        return {
            local
            for key, local in self._have.items()
            if key.removeprefix(f"{_PACKAGE}.") in _MARKERS and key.startswith(f"{_PACKAGE}.")
        }

    def runtime(self) -> str:
        """The local name of the runtime."""
        package, _, module = RUNTIME.rpartition(".")
        return self._name(package, module, RUNTIME_ALIAS)

    def agree(self, asked: Mapping[tuple[str, str, str], str]) -> bool:
        """Whether what was named elsewhere as *asked* says is named so here."""
        return all(self._name(*key) == local for key, local in asked.items())

    def is_thread(self, node: ast.FunctionDef) -> bool:
        """Whether a marker above *node* makes it a thread function, or a stream."""
        own = {f"{_PACKAGE}.lwt", f"{_PACKAGE}.lwt_stream"}
        names = {"lwt", "lwt_stream"} | {v for k, v in self._have.items() if k in own}
        for each in node.decorator_list:
            match each:
                case ast.Attribute(attr="lwt" | "lwt_stream"):
                    return True
                case ast.Name(id=name) if name in names:
                    return True
        return False

    def _name(self, module: str, name: str, wanted: str) -> str:
        key = f"{module}.{name}"
        if key not in self._have:
            self._import(module, name, self._fresh.name(wanted))
        self.asked[module, name, wanted] = self._have[key]
        return self._have[key]

    def _import(self, module: str, name: str, local: str) -> None:
        self._have[f"{module}.{name}"] = local
        self._imported.append((module, name, local))

    def edits(self, shape: Source, newline: str) -> Iterator[Edit]:
        """The imports that are missing, behind those that open the file."""
        if not self._imported:
            return
        present = self._present()
        if present is not None:
            yield from self._additions(present, shape)
        lines = list(self._lines(with_markers=present is None))
        if not lines:
            return
        after = next(reversed(list(opening(self.tree))), None)
        if after is None:
            first = self.tree.body[0]
            start = shape.span(first).start
            place = Span(start, start)
            lines += [""] * (2 if isinstance(first, _DEFINITIONS) else 1)
            yield Edit(place, ("".join(f"{line}{newline}" for line in lines),), place)
            return
        index = self.tree.body.index(after)
        following = self.tree.body[index + 1] if index + 1 < len(self.tree.body) else None
        end = shape.whole(after).end
        if following is not None and following.lineno == after.end_lineno:
            end = shape.span(after).end
            text = "".join(f"; {line}" for line in lines)
        else:
            if isinstance(after, ast.Expr):
                lines.insert(0, "")
            text = "".join(f"{newline}{line}" for line in lines)
        yield Edit(Span(end, end), (text,), Span(end, end))

    def _present(self) -> ast.ImportFrom | None:
        """The import of markers among those that open the file."""
        for node in opening(self.tree):
            if (
                isinstance(node, ast.ImportFrom)
                and (node.module, node.level) == (_PACKAGE, 0)
                and all(alias.name in _MARKERS for alias in node.names)
            ):
                return node
        return None

    def _additions(self, present: ast.ImportFrom, shape: Source) -> Iterator[Edit]:
        """The missing markers among the names of that import, by the alphabet."""
        for each in sorted(each for each in self._imported if each[1] in _MARKERS):
            later = [alias for alias in present.names if alias.name > each[1]]
            if later:
                at, text = shape.span(later[0]).start, f"{_as(each)}, "
            else:
                at, text = shape.span(present.names[-1]).end, f", {_as(each)}"
            yield Edit(Span(at, at), (text,), Span(at, at))

    def _lines(self, *, with_markers: bool) -> Iterator[str]:
        markers = sorted(each for each in self._imported if each[1] in _MARKERS)
        others = [each for each in self._imported if each[1] not in _MARKERS]
        if markers and with_markers:
            yield f"from {_PACKAGE} import " + ", ".join(map(_as, markers))
        for each in others:
            yield f"from {each[0]} import {_as(each)}"


def _as(imported: tuple[str, str, str]) -> str:
    _, name, local = imported
    return name if name == local else f"{name} as {local}"


def _imports_of(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """What is imported by name, and the names that it has here."""
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", alias.asname or alias.name


def opening(tree: ast.Module) -> Iterator[ast.stmt]:
    """The docstring and the imports that open the file."""
    for index, node in enumerate(tree.body):
        match node:
            case ast.Expr(value=ast.Constant(value=str())) if index == 0:
                yield node
            case ast.Import() | ast.ImportFrom():
                yield node
            case _:
                break


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=local):
            yield local or name.partition(".")[0]
        case (
            ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            yield name
