"""The walk over a tree that knows, at every marker, in which scope and what kind of place it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.source import Source
from lwtsyntax.ir.tree import children, walk
from lwtsyntax.passes.find_markers.imports import MarkerImports, may_reach_marker
from lwtsyntax.passes.find_markers.places import Wording, arguments_of

__all__ = ["Walk"]

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Walk:
    """Fills *markers*; what stands where it has no meaning goes to ``diagnostics``."""

    def __init__(self, markers: Markers, imports: MarkerImports, source: Source) -> None:
        self.source = source
        self.words = Wording(keywords=source.in_keywords)
        self.diagnostics: list[Diagnostic] = []
        self.imports = imports
        self.markers = markers
        self.scope = markers.scopes.get(markers.tree) or Scope(markers.tree, "module", None)
        self.holding: set[ThreadFunction | None] = set()  # the functions that hold a marker
        # or "class", "function", "thread", "async", "lambda", "comprehension"
        self.place = "module"
        self.function: ThreadFunction | None = None
        self.around: ThreadFunction | None = None  # the same, past plain functions

    def refuse(
        self, code: str, node: ast.stmt | ast.expr | ast.pattern, message: str, hint: str
    ) -> None:
        self.diagnostics.append(self.source.diagnostic(code, message, self.source.span(node), hint))

    def marker(self, node: ast.expr) -> str | None:
        """The marker that *node* names."""
        return self.imports.marker(node, self.scope)

    # -- the walk -------------------------------------------------------------------------------

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit(self, node: ast.AST) -> None:
        outside = self.function is None and self.place != "thread"
        if outside and isinstance(node, _DEFINITIONS) and not self._concerns(node):
            return
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method is not None:
            method(node)
        else:
            self.visit_all(children(node))

    def _concerns(self, node: ast.stmt) -> bool:
        return self.source.may_name(node, self.imports.names)

    @contextmanager
    def inside(self, node: ast.AST, place: str, function: ThreadFunction | None) -> Iterator[None]:
        saved = self.scope, self.place, self.function, self.around
        self.scope, self.place, self.function = self.markers.scopes[node], place, function
        self.around = function or self.around
        yield
        self.scope, self.place, self.function, self.around = saved

    def visit_Name(self, node: ast.Name | ast.Attribute) -> None:
        marker = self.marker(node)
        if marker is not None and isinstance(node.ctx, ast.Load):
            hint = f"call it where it stands: {self.words.form(marker)}"
            self.refuse("LWT023", node, f"{marker} is a marker, not a value", hint)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self.doubtful(node)

    def doubtful(self, node: ast.Name) -> None:
        """Refuse a name that may be a marker, or something else, by the time it is read."""
        doubt = self.imports.doubt(node, self.scope)
        if doubt is not None:
            self.refuse("LWT028", node, *doubt)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if self.marker(node) is not None:
            self.visit_Name(node)
        else:
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        marker = self.marker(node.func)
        if marker is None:
            self.visit_all(children(node))
            return
        if marker == "lwt":
            self.record(node, marker)
        else:
            hint = f"it belongs in `{self.words.form(marker)}`"
            self.refuse("LWT019", node, f"{marker} outside its form", hint)
        self.visit_all([*node.args, *node.keywords])

    def form(self, node: ast.expr, wanted: str) -> None:
        """Visit *node*, the place where the marker *wanted* may stand."""
        if isinstance(node, ast.Call) and self.marker(node.func) == wanted:
            self.record(node, wanted)
            self.visit_all([*node.args, *node.keywords])
        else:
            self.visit(node)

    def record(self, node: ast.Call, marker: str) -> None:
        """Note a marker call that stands in its form; refuse it where no thread function is around."""
        self.markers.calls[node] = marker
        self.holding.add(self.function)
        wrong = node.keywords or not node.args or (marker != "lwt" and len(node.args) != 1)
        if wrong or (marker != "lwt" and isinstance(node.args[0], ast.Starred)):
            message, hint = arguments_of(marker, len(node.args) + len(node.keywords))
            self.refuse("LWT018", node, message, hint)
        refusal = self.words.refusals.get(self.place)
        if refusal is not None:
            code, message, hint = refusal
            self.refuse(code, node, message.format(marker), hint)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.target)
        self.form(node.iter, "for_lwt")
        self.visit_all([*node.body, *node.orelse])

    def visit_While(self, node: ast.While) -> None:
        self.form(node.test, "while_lwt")
        self.visit_all([*node.body, *node.orelse])

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            self.form(item.context_expr, "with_lwt")
            self.visit_all([item.optional_vars])
        self.visit_all(node.body)

    def visit_Match(self, node: ast.Match) -> None:
        self.form(node.subject, "match_lwt")
        waits = self.markers.form(node.subject) == "match_lwt"
        for case in node.cases:
            if (
                isinstance(case.pattern, ast.MatchClass)
                and self.marker(case.pattern.cls) == "exception"
            ):
                self.exception_arm(case.pattern, waits)
            elif not self.refuse_part_of_arm(case.pattern):
                self.visit(case.pattern)
            self.visit_all([case.guard, *case.body])

    def refuse_part_of_arm(self, pattern: ast.pattern) -> bool:
        """Refuse a pattern in which ``exception`` is a part, where that is likely to be meant."""
        match pattern:
            case ast.MatchAs(pattern=ast.MatchClass(cls=marker), name=name):
                hint = f"the name goes inside: `{self.words.arm(f'P as {name}')}`"
            case ast.MatchOr(patterns=[ast.MatchClass(cls=marker), *_]):
                hint = f"the alternatives go inside: `{self.words.arm('P | Q')}`"
            case _:
                return False
        if self.marker(marker) != "exception":
            return False
        self.refuse(
            "LWT023", pattern, "exception is an arm's whole pattern, not a part of it", hint
        )
        return True

    def exception_arm(self, pattern: ast.MatchClass, waits: bool) -> None:
        self.markers.exception_arms.add(pattern)
        if not waits:
            hint = f"write `{self.words.form('match_lwt')}`"
            self.refuse("LWT024", pattern, "exception arm in a match that is not match_lwt", hint)
        if len(pattern.patterns) != 1 or pattern.kwd_patterns:
            hint = f"write `{self.words.arm('KeyError()')}`"
            self.refuse("LWT018", pattern, "exception takes exactly one pattern", hint)
            return
        inner = pattern.patterns[0]
        if (
            isinstance(inner, ast.MatchAs)
            and inner.pattern is None
            and (inner.name or "_")[0].isupper()
        ):
            message = f"this arm takes every exception and calls it {inner.name}"
            hint = f"write `{self.words.arm(f'{inner.name}()')}`"
            self.refuse("LWT025", pattern, message, hint)
        self.visit_all(pattern.patterns)

    def annotation(self, node: ast.AST | None) -> None:
        """An annotation is not evaluated where it stands, or not at all: nothing waits in it."""
        if node is not None:
            self.unwaiting([node], "annotation")

    def unwaiting(self, nodes: Iterable[ast.AST], kind: str) -> None:
        """What stands in no scope of its own, and yet does not wait in a thread function."""
        place, self.place = self.place, kind
        self.visit_all(nodes)
        self.place = place

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit_all([node.target, node.value])
        self.annotation(node.annotation)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        node.decorator_list = [*map(self._without_brackets, node.decorator_list)]
        markers = [self.marker(decorator) for decorator in node.decorator_list]
        self.visit_all(d for d, m in zip(node.decorator_list, markers, strict=True) if m is None)
        self.visit_all([*node.args.defaults, *node.args.kw_defaults])
        arguments = [arg.annotation for arg in walk(node.args) if isinstance(arg, ast.arg)]
        for annotation in [*arguments, node.returns, *getattr(node, "type_params", ())]:
            self.annotation(annotation)
        for decorator, marker in zip(node.decorator_list, markers, strict=True):
            if marker not in (None, "lwt", "lwt_stream"):
                hint = f"see `{self.words.form(marker)}`"
                self.refuse("LWT019", decorator, f"{marker} outside its form", hint)
        found = [marker for marker in markers if marker in ("lwt", "lwt_stream")]
        if not found:
            with self.inside(node, "function", None):
                self.visit_all(node.body)
            return
        decorator = node.decorator_list[markers.index(found[0])]
        if decorator is not node.decorator_list[-1]:
            hint = f"put @{found[0]} last, directly above the def"
            self.refuse("LWT017", decorator, f"@{found[0]} is not directly above the def", hint)
        scope = self.markers.scopes[node]
        function = ThreadFunction(node, decorator, scope, self.around)
        function.stream = found[0] == "lwt_stream"
        self.markers.functions[node] = function
        with self.inside(node, "thread", function):
            self.visit_all(node.body)

    def _without_brackets(self, decorator: ast.expr) -> ast.expr:
        """``@lwt()``, which is refused, as what was meant."""
        match decorator:
            case ast.Call(func=function, args=[], keywords=[]):
                marker = self.marker(function)
                if marker in ("lwt", "lwt_stream"):
                    message, hint = f"@{marker} takes no brackets", f"write @{marker}"
                    self.refuse("LWT018", decorator, message, hint)
                    return function
        return decorator

    def _async_or_class(self, node: ast.AsyncFunctionDef | ast.ClassDef, place: str) -> None:
        for decorator in node.decorator_list:
            if self.marker(decorator) is None:
                self.visit(decorator)
            else:
                what, hint = self.words.undecorated[place]
                self.refuse("LWT015", decorator, f"@lwt on {what}", hint)
        body = set(map(id, node.body)) | set(map(id, node.decorator_list))
        parameters = getattr(node, "type_params", [])
        self.unwaiting(parameters, "annotation")
        body |= set(map(id, parameters))
        head = [child for child in children(node) if id(child) not in body]
        generic = place == "class" and parameters and self.place == "thread"
        self.unwaiting(head, "generic" if generic else self.place)
        function = self.function if place == "class" else None
        with self.inside(node, place, function):
            self.visit_all(node.body)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._async_or_class(node, "async")

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._async_or_class(node, "class")

    def visit_Await(self, node: ast.Await) -> None:
        hint = f"write {self.words.wait}: it waits for any awaitable"
        self.asynchronous(node, "await", hint)
        self.visit(node.value)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        hint = f"write `{self.words.form('for_lwt')}`; it takes an async iterable"
        self.asynchronous(node.iter, "async for", hint)
        self.visit_all(children(node))

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        hint = f"write `{self.words.form('with_lwt')}`; it takes an async context manager"
        self.asynchronous(node.items[0].context_expr, "async with", hint)
        self.visit_all(children(node))

    def asynchronous(self, node: ast.expr, what: str, hint: str) -> None:
        """Refuse what CPython would only say stands outside an async function."""
        if self.place == "thread":
            self.refuse("LWT029", node, f"{what} in a thread function", hint)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A lambda that waits is a thread function, where it stands in one."""
        self.visit(node.args)
        if self.place != "thread":
            with self.inside(node, "lambda", None):
                self.visit(node.body)
            return
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)]
        written = ast.copy_location(ast.parse("def anonymous(): pass").body[0], node)
        assert isinstance(written, ast.FunctionDef)
        written.args, written.body = node.args, body
        function = ThreadFunction(written, node, self.markers.scopes[node], self.around)
        with self.inside(node, "thread", function):
            self.visit(node.body)
        if function in self.holding:
            self.markers.functions[node] = function
            self.markers.scopes[written] = function.scope
        elif any(inner.outer is function for inner in self.markers.functions.values()):
            function.plain = True
            self.markers.functions[node] = function
            self.markers.scopes[written] = function.scope

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        first = node.generators[0]
        lazy = isinstance(node, ast.GeneratorExp)
        if lazy and isinstance(first.iter, ast.Call) and self.marker(first.iter.func) == "for_lwt":
            code, message, hint = self.words.refusals["comprehension"]
            self.refuse(code, first.iter, message.format("for_lwt"), hint)
            self.visit_all(first.iter.args)
        else:
            self.visit(first.iter) if lazy else self.form(first.iter, "for_lwt")
        elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        with self.inside(node, "comprehension" if lazy else self.place, self.function):
            for generator in node.generators:
                if generator.is_async:
                    hint = "write `for x in for_lwt(xs)`; it takes an async iterable"
                    self.asynchronous(generator.iter, "async for", hint)
                self.visit_all([generator.target, *generator.ifs])
                if generator is not first:
                    self.form(generator.iter, "for_lwt")
            self.visit_all(elements)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension

    def visit_ImportFrom(self, node: ast.Import | ast.ImportFrom) -> None:
        if self.function is None or node not in self.imports.nodes:
            return
        if any(may_reach_marker(node, alias) for alias in node.names):
            message = "markers imported inside a thread function"
            self.refuse("LWT026", node, message, "import them at the top of the file")

    visit_Import = visit_ImportFrom
