"""``try``: its parts, and the variable of a handler."""

from __future__ import annotations

import ast
from collections import Counter

from lwtsyntax.ir.code import Code, Stand, code, grouped, standing
from lwtsyntax.ir.direct import Block, Handler, Native, Try
from lwtsyntax.ir.scopes import names_outside_handlers
from lwtsyntax.ir.source import Span
from lwtsyntax.ir.tree import walk
from lwtsyntax.passes.normalise.closures import Closures

__all__ = ["Tries"]

_CAUGHT = "guard's exception"


class Tries(Closures):
    """Brings ``try`` into normal form."""

    _seen: frozenset[str] | None = None
    _handled: Counter[str | None] | None = None  # how many handlers bind a name

    def statements(self, body: list[ast.stmt], start: int, bound: tuple[str, ...] = ()) -> Block:
        """A block of the user's; *start* is where its text begins, *bound* what is bound there."""
        raise NotImplementedError

    def gap_comments(self, start: int, end: int) -> tuple[str, ...]:
        """The comments between two parts of a statement, which nothing else has claimed."""
        raise NotImplementedError

    def try_statement(self, node: ast.Try | ast.TryStar) -> None:
        body = self.statements(node.body, self.span(node).start + len("try"))
        end = self.span(node.body[-1]).end
        star = "*" if isinstance(node, ast.TryStar) else ""
        handlers = self._handlers(node.handlers, end, star)
        end = self.span(node.handlers[-1].body[-1]).end if handlers else end
        orelse = self.statements(node.orelse, end) if node.orelse else []
        end = self.span(node.orelse[-1]).end if node.orelse else end
        cleanup = self.statements(node.finalbody, end) if node.finalbody else None
        self.emit(Try(body, handlers, orelse, cleanup, origin=self.origin))

    def _handlers(
        self, nodes: list[ast.ExceptHandler], start: int, star: str, types: Code | None = None
    ) -> list[Handler]:
        """The clauses.  From one whose type waits on they stand in a ``try`` of their own::

            except E: H               except E: H
            except wait T: I     →    except:
            except F: J                   types = wait T
                                          try: raise
                                          except types: I
                                          except F: J

        *types*: what the type of the first clause was found to be.
        """
        handlers: list[Handler] = []
        for index, node in enumerate(nodes):
            place = self.source.offset(node.lineno, node.col_offset)
            comments = self.gap_comments(start, place)
            if types is None and node.type is not None and node.type in self.waiting:
                if star:
                    hint = "wait for the type before the try"
                    message = "a wait in the type of an except* clause"
                    raise self.refuse("LWT026", node.type, message, hint)
                with self.block() as body:
                    found = self.value(node.type)
                    inner = self._handlers(nodes[index:], place, star, found)
                    clause = self.span(node.type)
                    reraise = Native(code("raise"), ends=True, origin=clause)
                    self.emit(Try([reraise], inner, [], None, origin=clause))
                return [*handlers, Handler((Stand("except", clause),), body, clause, comments)]
            if types is None and node.type is not None:
                types = self.plain(node.type)
            handlers.append(self._handler(node, types, place, comments, star))
            start = self.span(node.body[-1]).end
            types = None
        return handlers

    def _handler(
        self,
        node: ast.ExceptHandler,
        types: Code | None,
        place: int,
        comments: tuple[str, ...],
        star: str,
    ) -> Handler:
        """``except E as e``: where the body waits, *e* is a copy, since CPython unbinds its own."""
        start = place + len("except") if node.type is None else self.span(node.type).end
        clause = Span(place, start)
        head = code(f"except{star} ", grouped(types, self.source)) if types else code("except")
        head = standing(head, clause)
        body = self.statements(node.body, start, (node.name,) if node.name else ())
        if not self.waiting.any(node.body) or (not star and self._ends_in_its_wait(node)):
            name = standing((f" as {node.name}",), clause) if node.name else ()
            return Handler(code(head, name), body, clause, comments)
        if node.name is None and not star:
            return Handler(head, body, clause, comments)
        caught = self.fresh_temporary(_CAUGHT)
        if node.name is not None:
            body = self._copied(node, node.name, caught, body, clause)
        name = standing((f" as {caught}",), clause)
        return Handler(code(head, name), body, clause, comments, caught if star else None)

    def _ends_in_its_wait(self, node: ast.ExceptHandler) -> bool:
        """Whether the only wait of a handler comes last, so that nothing uses its variable after it."""
        *before, last = node.body
        if self._handled is None:
            nodes = walk(self.function.node)
            self._handled = Counter(
                each.name for each in nodes if isinstance(each, ast.ExceptHandler)
            )
        shared = self._handled[node.name] > 1  # and assigned in another
        if node.name is None or shared or self.waiting.any(before):
            return False
        match last:
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                pass
            case ast.Assign(targets=[ast.Name()], value=value):
                pass
            case _:
                return False
        if not isinstance(value, ast.Call) or value not in self.markers.calls:
            return False
        closures = (
            ast.Lambda,
            ast.FunctionDef,
            ast.AsyncFunctionDef,
            ast.ClassDef,
            ast.GeneratorExp,
        )
        parts = [inner for statement in node.body for inner in walk(statement)]
        return not self.waiting.any(value.args) and not any(isinstance(p, closures) for p in parts)

    def _copied(
        self, node: ast.ExceptHandler, name: str, caught: str, body: Block, clause: Span
    ) -> Block:
        copy = Native(code(name, " = ", caught), origin=clause)
        handled: Block = [copy, *body]
        if not self._seen_outside(node):
            return handled
        unbind: Block = [Native(code(f"{name} = None; del {name}"), origin=clause)]
        return [Try(handled, [], [], unbind, origin=self.origin)]

    def _seen_outside(self, handler: ast.ExceptHandler) -> bool:
        """Whether anything can see that the variable of *handler* is unbound after it: a use outside
        the handlers that bind it themselves, or a closure."""
        assert handler.name is not None
        if self._seen is None:
            self._seen = names_outside_handlers(self.function.node)
        return not self.scope.owns(handler.name) or handler.name in self._seen
