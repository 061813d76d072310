"""Plant markers in a module: its functions become threads that wait in front of their calls.

::

    def area(shape):                      @_lwt
        return scale(side(shape) ** 2)    def _thread_area(shape):
                                              return _lwt(_thread_scale(_lwt(_thread_side(shape)) ** 2))
                                          area = _driven(_thread_area)

    class Shape:                          class Shape:
        def __len__(self):                    @_driven
            return len(self.sides)            @_lwt
                                              def __len__(self):
                                                  return _lwt(_started(len)(self.sides))

Every name keeps its meaning: ``area`` is an ordinary function, called by whoever likes (see
:mod:`.driving`), and only the planted waits start threads.  What is inserted is text, so that comments
and layout go through the transformer too.
"""

from __future__ import annotations

import ast
import copy
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from lwtsyntax.ir.scopes import Scope, build_scopes
from lwtsyntax.ir.source import Source

__all__ = ["Planting", "planted"]

PREFIX = "_thread_"
IMPORTS = """\
from lwtsyntax import for_lwt as _for_lwt, lwt as _lwt, while_lwt as _while_lwt
from lwt_driving import driven as _driven, given as _given, started as _started
"""
# They mean the frame they are called in.
_ABOUT_FRAMES = {"super", "locals", "vars", "dir", "eval", "exec", "_getframe", "warn"}
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Planting:
    """How many calls, loops and other operands in a hundred wait; *seed* says which.

    *by_name*: functions of the module are called as threads by their names, as in ``_thread_area`` above.
    """

    calls: int = 100
    loops: int = 50
    operands: int = 0
    seed: int = 0
    by_name: bool = True

    def chooses(self, share: int, node: ast.expr | ast.stmt) -> bool:
        place = f"{self.seed}:{node.lineno}:{node.col_offset}"
        return zlib.crc32(place.encode()) % 100 < share


def planted(text: str, planting: Planting) -> str:
    """*text*, a module, with markers in it."""
    return _Planter(text, planting).module()


class _Planter:
    def __init__(self, text: str, planting: Planting) -> None:
        self.source = Source(text, "planted.py")
        self.tree = ast.parse(text)
        self.scopes = build_scopes(self.tree)
        self.scope: Scope = self.scopes[self.tree]
        self.planting = planting
        self.waits = False  # may a wait stand here?
        self.edits: list[tuple[int, int, int, str]] = []  # offset, closing before opening, order
        self.replaced: list[tuple[int, int, str]] = []  # whole f-strings
        self.direct = self._directly_called()

    def module(self) -> str:
        self.visit_all(self.tree.body)
        self._import()
        text = self.source.text
        edits = [(start, start, new) for start, _, _, new in sorted(self.edits)] + self.replaced
        parts, last = [], 0
        for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
            parts += [text[last:start], new]
            last = end
        return "".join([*parts, text[last:]])

    def _import(self) -> None:
        """The imports, before the first statement that is neither docstring nor ``__future__``."""
        for statement in self.tree.body:
            match statement:
                case ast.Expr(value=ast.Constant(value=str())):
                    continue
                case ast.ImportFrom(module="__future__"):
                    continue
            self.edits.append((self.source.span(statement).start, -1, 0, IMPORTS))
            return

    def _directly_called(self) -> dict[Scope, set[str]]:
        """The functions that may be called as threads by their own names, which nothing rebinds."""
        direct: dict[Scope, set[str]] = {}
        if not self.planting.by_name or any(
            isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            for node in ast.walk(self.tree)
        ):
            return direct
        declared = {n for s in self.scopes.values() for n in (*s.globals, *s.nonlocals)}
        for scope in self.scopes.values():
            if scope.kind in ("module", "function"):
                direct[scope] = {
                    name
                    for name, node in scope.definitions.items()
                    if isinstance(node, ast.FunctionDef)
                    and scope.binders[name] == 1
                    and name not in declared
                    and not node.decorator_list
                    and not name.startswith("__")
                    and _may_wait(node)
                }
        return direct

    # -- edits ----------------------------------------------------------------------------------

    def opening(self, offset: int, text: str) -> None:
        self.edits.append((offset, 1, len(self.edits), text))

    def closing(self, offset: int, text: str) -> None:
        self.edits.append((offset, 0, len(self.edits), text))

    # -- the walk -------------------------------------------------------------------------------

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit(self, node: ast.AST) -> None:
        visit = getattr(self, f"visit_{type(node).__name__}", self.visit_children)
        if not (isinstance(node, ast.expr) and self._is_operand(node)):
            visit(node)
            return
        span = self.source.span(node)
        self.opening(span.start, "_lwt(_given(")
        visit(node)
        self.closing(span.end, "))")

    def _is_operand(self, node: ast.expr) -> bool:
        """Whether *node* may wait by itself, as ``_lwt(_given(node))``, and is chosen."""
        if not self.waits or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return False
        if isinstance(node, ast.Tuple | ast.Starred | ast.Slice | ast.GeneratorExp):
            return False  # parentheses are not theirs alone
        if _name(node) in _ABOUT_FRAMES:
            return False
        return self.planting.chooses(self.planting.operands, node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # docstrings stay
            self.visit(node.value)

    def visit_children(self, node: ast.AST) -> None:
        self.visit_all(ast.iter_child_nodes(node))

    def within(self, waits: bool, nodes: Iterable[ast.AST | None], scope: Scope) -> None:
        saved = self.waits, self.scope
        self.waits, self.scope = waits, scope
        self.visit_all(nodes)
        self.waits, self.scope = saved

    def visit_Call(self, node: ast.Call) -> None:
        chosen = self.waits and self.planting.chooses(self.planting.calls, node)
        if not chosen or _name(node.func) in _ABOUT_FRAMES:
            self.visit_children(node)
            return
        start, end = self.source.span(node.func).end, self.source.span(node).end
        if self._is_direct(node.func):
            self.opening(self.source.span(node).start, "_lwt(")
            self.opening(self.source.span(node.func).start, PREFIX)
            self.visit_all([*node.args, *node.keywords])
        else:
            self.opening(self.source.span(node).start, "_lwt(_started(")
            self.visit(node.func)
            self.closing(start, ")")
            self.visit_all([*node.args, *node.keywords])
        self.closing(end, ")")

    def _is_direct(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Name):
            return False
        owner = self.scope.resolve(node.id)
        return owner is not None and node.id in self.direct.get(owner, ())

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.visit_all([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])
        marked = _may_wait(node)
        start = self.source.offset(node.lineno, node.col_offset)
        indent = self.source.indentation(start)
        direct = node.name in self.direct.get(self.scope, ())
        if marked:
            self.opening(
                start, f"@_lwt\n{indent}" if direct else f"@_driven\n{indent}@_lwt\n{indent}"
            )
        if direct:
            name = self.source.text.index(node.name, start + len("def "))
            self.opening(name, PREFIX)
        self.within(marked, node.body, self.scopes[node])
        if direct:
            line = self.source.line_of(self.source.span(node).end)
            after = self.source.offset_of(line + 1, 0) if line < self.source.line_count else None
            assert after is not None, "a definition ends the file without a newline"
            self.closing(after, f"{indent}{node.name} = _driven({PREFIX}{node.name})\n")

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_all([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])
        self.within(False, node.body, self.scopes[node])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self.within(False, node.body, self.scopes[node])

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit_all([*node.args.defaults, *node.args.kw_defaults])
        span = self.source.span(node)
        marked = self.waits and _may_wait(node)
        if marked:
            self.opening(span.start, "_driven(")
        self.within(marked, [node.body], self.scopes[node])
        if marked:
            self.closing(span.end, ")")

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node, False)

    def _comprehension(
        self, node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp, waits: bool
    ) -> None:
        first, *others = node.generators
        self.visit(first.iter)
        elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        inner = [first.target, *first.ifs, *others, *elements]
        self.within(waits, inner, self.scopes[node])

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.DictComp) -> None:
        self._comprehension(node, self.waits)

    visit_SetComp = visit_DictComp = visit_ListComp

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.target)
        if self._loops(node) and not isinstance(node.iter, ast.Tuple):
            span = self.source.span(node.iter)
            self.opening(span.start, "_for_lwt(")
            self.visit(node.iter)
            self.closing(span.end, ")")
        else:
            self.visit(node.iter)
        self.visit_all([*node.body, *node.orelse])

    def visit_While(self, node: ast.While) -> None:
        if self._loops(node):
            span = self.source.span(node.test)
            self.opening(span.start, "_while_lwt(")
            self.visit(node.test)
            self.closing(span.end, ")")
        else:
            self.visit(node.test)
        self.visit_all([*node.body, *node.orelse])

    def _loops(self, node: ast.For | ast.While) -> bool:
        return self.waits and self.planting.chooses(self.planting.loops, node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit_all([node.target, node.value])

    def visit_match_case(self, node: ast.match_case) -> None:
        self.visit_all([node.guard, *node.body])

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """As a whole: Python 3.11 knows no positions in an f-string."""
        if not self.waits or not self.planting.chooses(self.planting.calls, node):
            return
        new = _InString().visit(copy.deepcopy(node))
        try:
            text = ast.unparse(new)
            if ast.dump(ast.parse(text, mode="eval").body) != ast.dump(new):
                return
        except (SyntaxError, ValueError):
            return  # its quotes cannot be written one inside the other
        span = self.source.span(node)
        self.replaced.append((span.start, span.end, text))


class _InString(ast.NodeTransformer):
    """Waits in the calls of an f-string."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if _name(node.func) in _ABOUT_FRAMES:
            return node
        started = ast.Call(ast.Name("_started", ast.Load()), [node.func], [])
        thread = ast.Call(started, node.args, node.keywords)
        return ast.Call(ast.Name("_lwt", ast.Load()), [thread], [])

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        return node


def _name(function: ast.expr) -> str | None:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def _may_wait(function: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether *function* can be a thread function: it yields nothing, and asks for no frame."""
    todo: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else [*function.body]
    while todo:
        match todo.pop():
            case ast.Yield() | ast.YieldFrom() | ast.Await():
                return False
            case ast.Call(func=ast.Name(id="locals" | "eval" | "exec")):
                return False
            case ast.Call(func=ast.Name(id="vars" | "dir"), args=[]):
                return False
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
                pass
            case node:
                todo.extend(ast.iter_child_nodes(node))
    return True
