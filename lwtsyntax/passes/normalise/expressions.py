"""Expressions: the waits in them, and the spill rule, which keeps the order of evaluation."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from lwtsyntax.ir.callgraph import callee_name
from lwtsyntax.ir.code import Code, code, standing
from lwtsyntax.ir.direct import Operand
from lwtsyntax.ir.source import Span
from lwtsyntax.ir.tree import children, walk
from lwtsyntax.passes.normalise.context import Context

__all__ = ["Comprehension", "Expressions", "operands", "stored_names"]

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp


@dataclass(frozen=True, slots=True)
class _Child:
    """An operand in order of evaluation; ``unpack`` is "*" or "**" where it stands behind one."""

    node: ast.expr
    unpack: str = ""
    kind: str = "operand"


class Expressions(Context):
    """Evaluates expressions: emits their waits, and gives code for their value."""

    quoting = False  # inside an f-string, where nodes have no reliable place

    def value(self, node: ast.expr) -> Code:
        """Code for *node*, to be evaluated once, after the statements that this emits."""
        if node not in self.waiting:
            return self.plain(node)
        match node:
            case _ if isinstance(node, ast.Yield) or node in self.markers.calls:
                return self.wait(node)
            case ast.BoolOp(values=[_, *others]) | ast.Compare(comparators=[_, *others]):
                if self.waiting.any(others):
                    return self.choice(node)
            case ast.IfExp(body=body, orelse=orelse):
                if self.waiting.any([body, orelse]):
                    return self.choice(node)
                return self.enclosed(node, self.rebuild(node, [(node.test, self.truth(node.test))]))
            case ast.UnaryOp(op=ast.Not(), operand=operand) if self.conditional(operand):
                return code("not ", self.choice(operand))
            case ast.NamedExpr():
                return self.named(node)
            case ast.JoinedStr():
                return self.joined(node)
            case ast.Lambda() if node in self.markers.functions:
                return self.anonymous(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() if self.collects(node):
                return self.wait(node)
            case ast.Set() | ast.Dict():
                return self.display(node)
        return self.enclosed(node, self.rebuild(node, self.ordered(self.children(node))))

    def plain(self, node: ast.expr) -> Code:
        """The text of *node*, which waits for nothing."""
        if self.quoting:
            return (_unparsed(node),)
        return self.enclosed(node, self.text(self.span(node)))

    def enclosed(self, node: ast.expr, value: Code) -> Code:
        """*value*, the code of *node*, in the parentheses without which it would not be one argument."""
        if isinstance(node, ast.NamedExpr):
            return code("(", value, ")")
        if isinstance(node, ast.Tuple) and not self.quoting and not _has_slices(node):
            call = ast.parse(f"f({self.source.slice(self.span(node))})", mode="eval").body
            assert isinstance(call, ast.Call)
            if len(call.args) != 1 or not isinstance(call.args[0], ast.Tuple):
                return code("(", value, ")")
        return value

    def rebuild(self, node: ast.expr, replaced: list[tuple[ast.expr, Code]]) -> Code:
        """The text of *node* with some of its operands replaced."""
        if not self.quoting:
            return self.text(self.span(node), [(self.span(child), new) for child, new in replaced])
        names = {child: _parsed(child, written(new)) for child, new in replaced}
        return (_unparsed(_Replace(names).visit(node)),)

    def wait(self, node: ast.expr) -> Code:
        """``lwt(e)``: wait for *e*; its value stands in a fresh variable from then on."""
        operand = self.operand(node)
        target = self.fresh_temporary("value of a wait")
        self.wait_for(operand, target, self.span(node))
        return (target,)

    def is_wait(self, node: ast.expr) -> bool:
        """Whether the value of *node* itself is that of a wait: a marker call or a comprehension."""
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp):
            return node in self.waiting and self.collects(node)
        return isinstance(node, ast.Yield) or (
            isinstance(node, ast.Call) and node in self.markers.calls
        )

    def operand(self, node: ast.expr) -> Operand:
        """What *node*, a wait, waits for; several arguments of a marker are waited for together."""
        operand = self._operand(node)
        return operand if self.quoting else dataclasses.replace(operand, place=self.span(node))

    def _operand(self, node: ast.expr) -> Operand:
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp):
            return self.collected(node)
        if isinstance(node, ast.Yield):
            value: Code = ("None",) if node.value is None else self.value(node.value)
            if node.value is not None:
                value = self.enclosed(node.value, value)
            return Operand(code(f"{self.emitter}(", value, ")"), promise=True, hint="yield")
        assert isinstance(node, ast.Call)
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            return self.awaited(node.args[0])
        replaced = self.ordered(self.arguments(node.args, node.keywords))
        both = f"{self.alias}.both"
        if self.quoting:
            return Operand(self.rebuild(node, [(node.func, (both,)), *replaced]), True)
        edits = [(self.span(child), new) for child, new in replaced]
        together = self.text(self._argument_region(node), edits)
        return Operand(code(both, "(", together, ")"), promise=True, hint="both")

    def awaited(self, node: ast.expr, implicit: bool = False) -> Operand:
        """*node* as the operand of a wait."""
        hint = _hint(node)
        if not isinstance(node, ast.Call) or node in self.markers.calls:
            value = self.value(node)
            if isinstance(node, ast.NamedExpr):
                value = code("(", value, ")")
            return Operand(value, implicit=implicit, hint=hint)
        replaced = self.ordered(self.children(node)) if node in self.waiting else []
        counted = None
        if (
            self.setting.graph.recursive(self.function.node.name, callee_name(node))
            and not self.quoting
        ):
            edits = [(self.span(child), new) for child, new in replaced]
            callee = self.span(node.func)
            function = self.text(callee, [edit for edit in edits if edit[0].end <= callee.end])
            edits = [edit for edit in edits if edit[0].start >= callee.end]
            arguments = (
                self.text(self._argument_region(node), edits) if node.args or node.keywords else ()
            )
            counted = code(
                f"{self.alias}.call(", function, ", " if arguments else "", arguments, ")"
            )
            counted = standing(counted, self.span(node))
        promise = self.thread_call(node)
        return Operand(self.rebuild(node, replaced), promise, counted, implicit, hint)

    def _argument_region(self, node: ast.Call) -> Span:
        """The text between the parentheses of a call that has arguments."""
        first = self.source.span(node.args[0]) if node.args else None
        end = self.source.span(node).end
        opening = self.source.text.index("(", self.source.span(node.func).end)
        if (
            first is not None
            and first.start == opening
            and isinstance(node.args[0], ast.GeneratorExp)
        ):
            return first
        return Span(opening + 1, end - 1)

    def anonymous(self, node: ast.Lambda) -> Code:
        """A lambda that waits."""
        raise NotImplementedError

    def collects(self, node: Comprehension) -> bool:
        """Whether *node* waits anywhere but in its first iterable, which is evaluated outside it."""
        first, *others = node.generators
        if self.markers.form(first.iter) == "for_lwt":
            return True
        parts = [first.target, *first.ifs, *others]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return self.waiting.any(parts)

    def collected(self, node: Comprehension) -> Operand:
        """A comprehension that waits, as a call that gives a promise of its result."""
        raise NotImplementedError

    # -- order of evaluation --------------------------------------------------------------------

    def children(self, node: ast.expr) -> list[_Child]:
        """The operands of *node* in the order in which Python evaluates them."""
        match node:
            case ast.Call():
                return [_Child(node.func, kind="callee"), *self.arguments(node.args, node.keywords)]
            case ast.Dict(keys=keys, values=values):
                found = []
                for key, item in zip(keys, values, strict=True):
                    found += (
                        [_Child(item, "**")]
                        if key is None
                        else [_Child(key, kind="key"), _Child(item)]
                    )
                return found
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return [_starred(element) for element in elements]
            case ast.Compare(left=left, comparators=[first, *_]):
                return [_Child(left), _Child(first)]
            case ast.BoolOp(values=[first, *_]) | ast.IfExp(test=first):
                return [_Child(first)]
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return [_Child(node.generators[0].iter)]
            case ast.Lambda(args=args):
                return [
                    _Child(default) for default in [*args.defaults, *args.kw_defaults] if default
                ]
            case ast.Subscript(value=item, slice=key):
                return [_Child(item, kind="receiver"), _Child(key, kind="key")]
        return [_Child(child) for child in children(node) if isinstance(child, ast.expr)]

    def arguments(self, args: list[ast.expr], keywords: list[ast.keyword]) -> list[_Child]:
        """The operands of a call, or of the head of a class."""
        named = [_Child(k.value, "" if k.arg else "**") for k in keywords]
        return [*map(_starred, args), *named]

    def ordered(self, children: list[_Child]) -> list[tuple[ast.expr, Code]]:
        """Evaluate *children* in order; which of them stand replaced in the text, and by what."""
        last = max(
            (i for i, child in enumerate(children) if child.node in self.waiting), default=-1
        )
        assigned = {name for child in children for name in self.assigned_in(child.node)}
        replaced = [(child.node, self.held(child, assigned)) for child in children[: max(last, 0)]]
        if last >= 0:
            replaced.append((children[last].node, self.value(children[last].node)))
        return replaced

    def held(self, child: _Child, assigned: Collection[str]) -> Code:
        """Code for an operand before a wait, which means the same after it: the spill rule."""
        node = child.node
        if not child.unpack:
            if isinstance(node, ast.Constant):
                return self.plain(node)
            if isinstance(node, ast.Name) and self.stable(node.id, assigned):
                return self.plain(node)
            if isinstance(node, ast.Slice):
                parts = [
                    _Child(part, kind="key") for part in (node.lower, node.upper, node.step) if part
                ]
                return self.rebuild(
                    node, [(part.node, self.held(part, assigned)) for part in parts]
                )
            if isinstance(node, ast.Tuple) and _has_slices(node):
                held = [(part, self.held(_Child(part, kind="key"), assigned)) for part in node.elts]
                return self.rebuild(node, held)
        value = self.value(node)
        if child.unpack:
            value = code("[*", value, "]") if child.unpack == "*" else code("{**", value, "}")
        elif len(value) == 1 and value[0] in self.temporaries:
            return value
        if isinstance(node, ast.Name) and not child.unpack:
            return self.temporary(value, "operand before a wait", node.id)
        return self.temporary(value, child.kind)

    def hold(
        self, node: ast.expr, kind: str = "operand", assigned: Collection[str] = frozenset()
    ) -> Code:
        """:meth:`held` for a single operand."""
        return self.held(_Child(node, kind=kind), assigned)

    def named(self, node: ast.NamedExpr) -> Code:
        """``name := e``"""
        assert isinstance(node.target, ast.Name)
        name = node.target.id
        if self.is_wait(node.value):
            self.wait_for(self.operand(node.value), name, self.span(node))
            value: Code = (name,)
        else:
            value = self.value(node.value)
            self.assign(name, value)
        if self.function.scope.owns(name):
            self.bound.add(name)
        return value if len(value) == 1 and value[0] in self.temporaries else (node.target.id,)

    # -- what the classes below add -------------------------------------------------------------

    def conditional(self, node: ast.expr) -> bool:
        """Whether *node* waits only when one of its operands says so."""
        raise NotImplementedError

    def choice(self, node: ast.expr) -> Code:
        """The value of a conditional expression that waits in one of its branches."""
        raise NotImplementedError

    def truth(self, node: ast.expr) -> Code:
        """Code for *node* where only its truth counts, which Python asks each operand once."""
        raise NotImplementedError

    def display(self, node: ast.Set | ast.Dict) -> Code:
        """A set or a dict that waits in one of its elements."""
        raise NotImplementedError

    def joined(self, node: ast.JoinedStr) -> Code:
        """An f-string that waits."""
        raise NotImplementedError


class _Replace(ast.NodeTransformer):
    def __init__(self, new: dict[ast.expr, ast.expr]) -> None:
        self.new = new

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and node in self.new:
            return self.new[node]
        return type(node)(**{name: self._copied(old) for name, old in ast.iter_fields(node)})

    def _copied(self, old: Any) -> Any:
        if isinstance(old, list):
            return [self._copied(item) for item in old]
        return self.visit(old) if isinstance(old, ast.AST) else old


def _parsed(node: ast.expr, text: str) -> ast.expr:
    """The tree of *text*, which stands for *node*: a slice is an expression in brackets only."""
    if _has_slices(node):
        subscript = ast.parse(f"x[{text}]", mode="eval").body
        assert isinstance(subscript, ast.Subscript)
        return subscript.slice
    return ast.parse(text, mode="eval").body


def _unparsed(node: ast.AST) -> str:
    """The text of *node*, without parentheses where it holds slices."""
    if isinstance(node, ast.expr) and _has_slices(node):
        return ast.unparse(ast.Subscript(ast.Name("x"), node, ast.Load()))[2:-1]
    return ast.unparse(node)


def _has_slices(node: ast.expr) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(part, ast.Slice) for part in parts)


def stored_names(target: ast.expr) -> set[str]:
    """The names that an assignment to *target* binds."""
    names = (node for node in walk(target) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def operands(nodes: Iterable[ast.expr]) -> list[_Child]:
    """*nodes* as operands in order of evaluation."""
    return [_Child(node) for node in nodes]


def written(value: Code) -> str:
    assert all(isinstance(piece, str) for piece in value)
    return "".join(map(str, value))


def _starred(node: ast.expr) -> _Child:
    return _Child(node.value, "*") if isinstance(node, ast.Starred) else _Child(node)


def _hint(node: ast.expr) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return "wait"
