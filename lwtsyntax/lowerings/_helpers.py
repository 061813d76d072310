"""What several constructs share: operands, completions, joins, and going on after a region."""

from __future__ import annotations

from lwtsyntax.ir.code import Code, code
from lwtsyntax.ir.direct import Block, Operand, Stmt
from lwtsyntax.ir.flow import completes, leaks, waits
from lwtsyntax.ir.output import Apply, Body, Def, Expr, Helper, Ref, ReturnOut
from lwtsyntax.ir.source import Span
from lwtsyntax.lowerings._place import FALL, After, End, Fall, Jump, Lowered, Lowerer, Place, Rest

__all__ = [
    "abrupt",
    "after_region",
    "finish",
    "go_to",
    "join",
    "operand",
    "sequel",
    "tail",
    "written",
]


def operand(item: Operand, place: Place) -> Expr:
    """What is waited for, as an argument of ``bind`` or ``map``."""
    if item.implicit:
        return Helper("implicit_wait", (_call(item, place),), item.place)
    return _call(item, place)


def tail(item: Operand, place: Place) -> Expr:
    """What is waited for, as the promise that the function itself gives back."""
    if item.implicit:
        return Helper("implicit_wait", (_call(item, place),), item.place)
    call = _call(item, place)
    return call if item.promise else Helper("promise", (call,), item.place)


def _call(item: Operand, place: Place) -> Code:
    return item.counted if item.counted is not None and not place.counted else item.code


# -- abrupt completions -------------------------------------------------------------------------


def abrupt(kind: str, value: Code | None, place: Place, alias: str) -> Expr | None:
    """What a function at *place* returns for ``return value``, ``break`` or ``continue``."""
    promised = place.mode == "promise"
    if kind == "return" and place.value:
        if value is None:
            return (f"{alias}.unit",) if promised else None
        return Helper("return_", (value,)) if promised else value
    if kind == "return":
        completion: Expr = Helper("Returned", (("None",) if value is None else value,))
    elif kind == "continue" and place.loop == "here":
        return (f"{alias}.unit",) if promised else None
    else:
        completion = (f"{alias}.{'BREAK' if kind == 'break' else 'CONTINUE'}",)
    return Helper("return_", (completion,)) if promised else completion


def written(value: Expr | None, alias: str) -> Code:
    """``return value`` as text."""
    return code("return") if value is None else code("return ", _text(value, alias))


def _text(value: Expr, alias: str) -> Code:
    match value:
        case Helper(name=name, arguments=[argument]):
            return code(f"{alias}.{name}(", _text(argument, alias), ")")
        case tuple():
            return value
    raise AssertionError(value)


# -- what comes next ----------------------------------------------------------------------------


def finish(after: After, place: Place, node: Stmt | None, lower: Lowerer) -> Body:
    """The end of a block: on to *after*."""
    match after:
        case Fall():
            return []
        case End():
            if place.mode == "promise":
                return [ReturnOut((f"{lower.alias}.unit",), origin=_end(node))]
            return []
        case Jump():
            return [ReturnOut(go_to(after, (), place), origin=after.origin)]


def _end(node: Stmt | None) -> Span:
    """No place of its own: it goes on where *node* ended."""
    end = node.origin.end if node is not None else 0
    return Span(end, end)


def go_to(target: Jump, arguments: tuple[Expr, ...], place: Place) -> Expr:
    """A call of the join point *target*, as what a function at *place* returns."""
    call = Apply(target.name, arguments)
    if target.waits or place.mode != "promise":
        return call
    return Helper("return_", (call,))


def sequel(
    name: str, parameters: list[str], rest: Rest, node: Stmt, place: Place, lower: Lowerer
) -> Def:
    """The rest as a continuation that the runtime calls."""
    inner = place.continuation("promise" if rest.waits else "plain")
    body = lower.block(rest.statements, rest.after, inner)
    return Def(name, parameters, body, origin=node.origin)


def join(
    name: str, arms: list[Block], rest: Rest, node: Stmt, place: Place, lower: Lowerer
) -> tuple[Body, list[Rest], bool]:
    """How the *arms* of a branching statement go on: definitions, the rest of each arm, and whether
    the rest of the statement went into them.

    The rest is emitted once.  Where no arm that waits comes out at its end, it simply follows; where
    one arm alone comes out, it goes there; otherwise it becomes a join point, a function of its own.
    """
    nowhere = Rest([], FALL, False)
    if not any(waits(arm) and completes(arm) for arm in arms):
        return [], [nowhere] * len(arms), False
    if not rest.statements:
        return [], [rest] * len(arms), True
    if sum(map(completes, arms)) == 1:
        return [], [rest if completes(arm) else nowhere for arm in arms], True
    function = lower.fresh.of("join", name)
    inner = place.join("promise" if rest.waits else "plain")
    body = lower.block(rest.statements, rest.after, inner)
    origin = rest.statements[0].origin
    definition = Def(function, [], body, origin=origin)
    to_join = Rest([], Jump(function, rest.waits, origin), rest.waits)
    return [definition], [to_join] * len(arms), True


def after_region(
    region: Expr,
    abruptly: bool,
    name: str,
    rest: Rest,
    node: Stmt,
    place: Place,
    lower: Lowerer,
    origin: Span | None = None,
) -> Lowered:
    """Go on after *region*, a call that gives a promise of a completion and came from *origin*.

    Where it can end *abruptly*: at value level ``returning(region, rest)``, at region level
    ``then(region, rest)``; where it cannot, its promise is bound like any other.  A region that ends
    in a wait gives the value of that, which at value level must not become the function's.
    """
    origin = origin or node.origin
    if rest.ends and not (place.value and (abruptly or leaks([node]))):
        return Lowered([ReturnOut(region, origin=origin)])
    if rest.ends:
        return Lowered([ReturnOut(Helper("returning", (region,)), origin=origin)])
    function = lower.fresh.of("join", name)
    if not abruptly:
        definition = sequel(function, [lower.fresh.ignored], rest, node, place, lower)
        helper = "bind" if rest.waits else "map"
        return Lowered(
            [definition, ReturnOut(Helper(helper, (region, Ref(function))), origin=origin)]
        )
    helper = "returning" if place.value else "then"
    inner = place.continuation("promise" if place.value else "mixed")
    body = lower.block(rest.statements, rest.after, inner)
    definition = Def(function, [], body, origin=origin)
    return Lowered([definition, ReturnOut(Helper(helper, (region, Ref(function))), origin=origin)])
