"""Write ``lwt`` for ``await``, and make a thread function of an ``async def``.

::

    async def total(names):                    @lwt
        async for name in names:        ->     def total(names):
            print(await price(name))               for name in for_lwt(names):
                                                       print(lwt(price(name)))
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lsprotocol import types

from lwtsyntax.analysing import Span
from lwtsyntax_lsp.actions.fix import (
    Edit,
    Fix,
    Function,
    Setting,
    around,
    function_around,
    marker_name,
)
from lwtsyntax_lsp.actions.threads import above

__all__ = ["await_instead", "convert_awaits", "convert_function"]

_KEYWORD = re.compile(r"(?:async|await)\s*")


def convert_awaits(setting: Setting) -> Iterator[Fix]:
    """The ways out of LWT029."""
    function = function_around(setting)
    if not isinstance(function, ast.FunctionDef):
        return
    awaits = list(_own(function))
    here = [node for node in awaits if setting.span in _places(setting, node)]
    for node in here:
        word = _word(node)
        edits = _edits(setting, [node])
        yield Fix(f"Write {word} for {_python(node)}", edits, preferred=True)
    if len(awaits) > 1:
        yield Fix(f"Write waits for all awaits of {function.name}", _edits(setting, awaits))


def convert_function(setting: Setting) -> Iterator[Fix]:
    """Make a thread function of the ``async def`` around the span."""
    functions = [node for node in around(setting) if isinstance(node, ast.AsyncFunctionDef)]
    if not functions or _is_generator_with_sends(functions[-1]):
        return
    function = functions[-1]
    source, names = setting.source, _Names(setting)
    streams = any(isinstance(node, ast.Yield) for node in _own_nodes(function))
    name = names["lwt_stream" if streams else "lwt"]
    place, decorator = above(setting, function, name)
    head = Span(place.start, place.start + _length(source.text, place.start))
    marked = name in map(ast.unparse, function.decorator_list)
    edits = [(head, "" if marked else decorator), *_converted(setting, _own(function), names)]
    kind = types.CodeActionKind.RefactorRewrite
    yield Fix(
        f"Make {function.name} a thread function: @{name}", names.with_imports(edits), kind=kind
    )


def await_instead(setting: Setting) -> Iterator[Fix]:
    """A way out of LWT014: the marker at the span as async functions have it."""
    source = setting.source
    call = around(setting)[-1]
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[argument]) if (
            name == "lwt" and not call.keywords and source.span(call) == setting.span
        ):
            text = source.slice(source.span(argument))
            simple = isinstance(argument, ast.Call | ast.Name | ast.Attribute | ast.Subscript)
            wait = f"await {text}" if simple else f"await ({text})"
            edits = [(setting.span, f"({wait})" if _binds_tighter(setting) else wait)]
            yield Fix(f"Write await for {name}", edits)


def _binds_tighter(setting: Setting) -> bool:
    """Whether what is around the span takes only the end of an ``await`` that stands there."""
    path = around(setting)
    parent = path[-2] if len(path) > 1 else None
    if isinstance(parent, ast.Attribute | ast.Subscript):
        return setting.source.span(parent.value) == setting.span
    return isinstance(parent, ast.Call) and setting.source.span(parent.func) == setting.span


_Async = ast.Await | ast.AsyncFor | ast.AsyncWith | ast.comprehension


@dataclass
class _Names:
    """The names of the markers that are used, and the imports that they need."""

    setting: Setting
    imports: dict[str, list[Edit]] = field(default_factory=dict)

    def __getitem__(self, marker: str) -> str:
        name, self.imports[marker] = marker_name(self.setting, marker)
        return name

    def with_imports(self, edits: list[Edit]) -> list[Edit]:
        """*edits*, and what they need; texts that go into one place as one, for clients that sort them."""
        found: dict[tuple[int, int], Edit] = {}
        for span, text in [*(each for edits in self.imports.values() for each in edits), *edits]:
            key = span.start, span.end
            found[key] = (span, found[key][1] + text if key in found else text)
        return [found[key] for key in sorted(found)]


def _edits(setting: Setting, nodes: list[_Async]) -> list[Edit]:
    """What writes waits for *nodes*."""
    names = _Names(setting)
    return names.with_imports(list(_converted(setting, nodes, names)))


def _converted(setting: Setting, nodes: Iterable[_Async], names: _Names) -> Iterator[Edit]:
    for node in nodes:
        yield from _waiting(setting, node, names)


def _waiting(setting: Setting, node: _Async, names: _Names) -> Iterator[Edit]:
    source = setting.source
    match node:
        case ast.Await():
            span, value = source.span(node), source.span(node.value)
            after = span.start + _length(source.text, span.start)
            name = names["lwt"]
            if after < value.start and source.text[after] == "(":  # its own brackets serve
                yield Span(span.start, after), name
                return
            yield Span(span.start, after), f"{name}("
            yield Span(span.end, span.end), ")"
        case ast.AsyncFor():
            yield _keyword_gone(setting, node)
            yield from _wrapped(setting, node.iter, names["for_lwt"])
        case ast.AsyncWith():
            yield _keyword_gone(setting, node)
            for item in node.items:
                yield from _wrapped(setting, item.context_expr, names["with_lwt"])
        case ast.comprehension():
            target = source.span(node.target).start
            start = source.text.rfind("async", 0, target)
            yield Span(start, start + _length(source.text, start)), ""
            yield from _wrapped(setting, node.iter, names["for_lwt"])


def _keyword_gone(setting: Setting, node: ast.stmt) -> Edit:
    start = setting.source.span(node).start
    return Span(start, start + _length(setting.source.text, start)), ""


def _wrapped(setting: Setting, node: ast.expr, name: str) -> Iterator[Edit]:
    span = setting.source.span(node)
    yield Span(span.start, span.start), f"{name}("
    yield Span(span.end, span.end), ")"


def _length(text: str, start: int) -> int:
    """Of the keyword at *start*, with the space behind it."""
    found = _KEYWORD.match(text, start)
    return 0 if found is None else found.end() - start


def _places(setting: Setting, node: _Async) -> list[Span]:
    """Where a diagnostic about *node* may stand."""
    match node:
        case ast.Await():
            return [setting.source.span(node)]
        case ast.AsyncWith():
            return [setting.source.span(node.items[0].context_expr)]
        case ast.AsyncFor() | ast.comprehension():
            return [setting.source.span(node.iter)]


def _word(node: _Async) -> str:
    match node:
        case ast.Await():
            return "lwt"
        case ast.AsyncWith():
            return "with_lwt"
    return "for_lwt"


def _python(node: _Async) -> str:
    match node:
        case ast.Await():
            return "await"
        case ast.AsyncWith():
            return "async with"
    return "async for"


def _own(function: Function) -> Iterator[_Async]:
    """What waits in *function* itself, in Python's own words."""
    for node in _own_nodes(function):
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) or (
            isinstance(node, ast.comprehension) and node.is_async
        ):
            yield node


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    todo: list[ast.AST] = [*function.body] if isinstance(function.body, list) else [function.body]
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, Function):
            todo.extend(ast.iter_child_nodes(node))


def _is_generator_with_sends(function: ast.AsyncFunctionDef) -> bool:
    """Whether what a ``yield`` gives back is used: nothing can be sent to a stream."""
    nodes = list(_own_nodes(function))
    statements = [node.value for node in nodes if isinstance(node, ast.Expr)]
    return any(isinstance(node, ast.Yield) and node not in statements for node in nodes)
