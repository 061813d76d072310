"""Wait places: what the runtime needs to put a wait into a traceback, as one more argument of its functions.

A *place* is the code object of a function that never runs, ``def f(): yield call()``: the call stands at the
wait, the function is called like the thread function.  The runtime takes the frame of an unstarted generator
of it for an entry of a traceback (``runtime/places.py``).  Its last constant is ``(own, parent, adds, lasti)``:

own
    The number of this call of the runtime in the file, from 1.
parent
    That of the call in whose regions this one stands, 0 outside all regions.  A continuation is no region:
    it goes on where its ``bind`` stands; so does a join point.
adds
    1 where a rejection that passes here comes from a wait of the user's that no other call stands for.
lasti
    The instruction that the entry points at.

A wait that ends a region, ``lambda x: fn(x)`` say, has no call of its own: the call that runs the region
stands for it.  Where a call has several of them, the others go through ``Lwt.passing``.  At the thread
function's own level such a wait is a tail call, which leaves no entry.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import CodeType

from lwtsyntax.compiling.origins import Location, located
from lwtsyntax.compiling.relocation import Lowered, runtime_call

__all__ = ["Place", "add_places", "compiled_places"]

# The functions that take a place, each with the number of its arguments before that ...
_ARITY = {
    "bind": 2, "map": 2, "then": 2, "returning": 2, "for_each": 3, "while_": 3, "try_": 3, "try_star": 3,
    "finalize": 2, "using": 2, "using_lwt": 2, "try_bind": 3, "sequence": 0,
}  # fmt: skip
# ... and the first of those that are regions.
_FIRST_REGION = {
    "for_each": 1, "while_": 0, "try_": 0, "try_star": 0, "finalize": 0, "using": 1, "using_lwt": 1,
    "try_bind": 0, "sequence": 0,
}  # fmt: skip


@dataclass(slots=True, eq=False)
class _Function:
    """A thread function, or a part of one, which stands in the function *around*."""

    root: ast.FunctionDef
    node: ast.FunctionDef
    around: _Function | None = None
    used: _Function | None = None  # the part that names it first
    site: _Site | None = None  # the call that it is a region of
    index: int = 0  # among the regions of that call

    def region(self) -> _Function | None:
        """The region that this function is, or stands in."""
        part: _Function | None = self
        while part is not None and part.site is None:
            part = part.used or part.around
        return part

    @property
    def is_condition(self) -> bool:
        return self.site is not None and self.site.name == "while_" and not self.index


@dataclass(slots=True, eq=False)
class _Site:
    """A call of the runtime that stands in *function*."""

    own: int
    call: ast.Call
    name: str
    function: _Function
    place: Location
    adds: bool
    # the waits that end its regions: where, and which region it is
    tails: list[tuple[ast.Return, _Function, int]] = field(default_factory=list)

    @property
    def is_region(self) -> bool:
        return self.name in _FIRST_REGION


@dataclass(frozen=True, slots=True)
class Place:
    """What a call of the runtime says of itself; *mark* stands for it in the syntax tree."""

    own: int
    parent: int
    adds: bool
    location: Location

    @property
    def mark(self) -> str:
        return f"place of a wait {self.own}"


def add_places(lowered: Lowered) -> list[Place]:
    """Give every call of the runtime an argument that stands for its place."""
    finding = _Finding(lowered)
    for node in [*lowered.nodes]:
        if isinstance(node, ast.FunctionDef) and not lowered.is_region(node):
            finding.thread_function(node)
    finding.regions()
    for site in [*finding.sites]:
        finding.tails(site)
    places = []
    for site in finding.sites:
        region = site.function.region()
        parent = region.site.own if region and region.site else 0
        places.append(Place(site.own, parent, site.adds, site.place))
        _pass(site, places[-1])
    return places


class _Finding:
    """Finds the calls of the runtime, and the regions that they run."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.sites: list[_Site] = []
        self.parts: dict[tuple[ast.FunctionDef, str], _Function] = {}
        self.returns: list[tuple[ast.Return, _Function]] = []

    def thread_function(self, root: ast.FunctionDef) -> None:
        """What there is in *root*, in the order of the text."""
        thread = _Function(root, root)
        todo: list[tuple[ast.AST, _Function]] = [(node, thread) for node in reversed(root.body)]
        while todo:
            node, function = todo.pop()
            if node not in self.lowered.owners:  # the user's text
                continue
            match node:
                case ast.FunctionDef(name=name):
                    if not self.lowered.is_region(node):
                        continue
                    function = self.parts[root, name] = _Function(root, node, function)
                case ast.Name(id=name):
                    part = self.parts.get((root, name))
                    if part is not None and part.used is None:
                        part.used = function
                case ast.Return(value=ast.expr() as value) if node in self.lowered.waits:
                    if not self._is_region(value, root):
                        self.returns.append((node, function))
                case ast.Call() if runtime_call(node, self.lowered) in _ARITY:
                    self.site(node, function)
            todo.extend((child, function) for child in reversed([*ast.iter_child_nodes(node)]))

    def site(self, call: ast.Call, function: _Function) -> _Site:
        """Take in a *call* that stands in *function*."""
        name = runtime_call(call, self.lowered) or "passing"
        adds = name == "passing"
        if name in ("bind", "map"):
            adds = not self._is_region(call.args[0], function.root)
        self.sites.append(_Site(len(self.sites) + 1, call, name, function, located(call), adds))
        return self.sites[-1]

    def _is_region(self, operand: ast.expr, root: ast.FunctionDef) -> bool:
        """Whether *operand* runs a part of *root*, rather than being what the user waits for."""
        match operand:
            case ast.Call(func=ast.Name(id=name)) if (root, name) in self.parts:
                return not self.lowered.is_scope(self.parts[root, name].node)
        return runtime_call(operand, self.lowered) in _ARITY

    def regions(self) -> None:
        """Which call runs which function, and which waits end its regions."""
        for site in self.sites:
            if not site.is_region:
                continue
            regions = site.call.args[_FIRST_REGION[site.name] :]
            for index, region in enumerate(regions):
                if isinstance(region, ast.Name) and (site.function.root, region.id) in self.parts:
                    part = self.parts[site.function.root, region.id]
                    part.site, part.index = site, index
        for node, function in self.returns:
            around = function.region()
            if around is not None and around.site is not None:
                around.site.tails.append((node, function, around.index))

    def tails(self, site: _Site) -> None:
        """The call stands for the first of the waits that end its regions, the others get calls of their own.

        A condition gets none: it may also be no promise.
        """
        for number, (node, function, _) in enumerate(sorted(site.tails, key=lambda tail: tail[2])):
            if not number:
                site.adds, site.place = True, self.lowered.waits[node]
            elif not function.is_condition:
                self._passing(node, function, site)

    def _passing(self, node: ast.Return, function: _Function, region: _Site) -> None:
        """``return e``  →  ``return Lwt.passing(e)``"""
        runtime = region.call.func
        assert isinstance(runtime, ast.Attribute) and isinstance(runtime.value, ast.Name)
        alias = ast.Name(runtime.value.id, ast.Load())
        called = ast.Attribute(alias, "passing", ast.Load())
        assert node.value is not None
        call = node.value = ast.Call(called, [node.value], [])
        place = self.lowered.waits[node]
        for new, at in ((alias, place.start), (called, place.start), (call, place)):
            at.put_on(new)
            self.lowered.add(new, self.lowered.owners[node])
        self.site(call, function)


def _pass(site: _Site, place: Place) -> None:
    """Give the call of *site* the mark of its *place*."""
    mark = ast.Constant(place.mark)
    located(site.call).put_on(mark)
    if site.name == "sequence":
        site.call.keywords.append(ast.keyword("place", mark))
        located(site.call).put_on(site.call.keywords[-1])
        return
    for _ in range(_ARITY.get(site.name, 1) - len(site.call.args)):
        site.call.args.append(ast.Constant(None))
        located(site.call).put_on(site.call.args[-1])
    site.call.args.append(mark)


# -- code objects ---------------------------------------------------------------------------------


def compiled_places(places: Iterable[Place], filename: str) -> dict[str, CodeType]:
    """The code objects of *places*, by their marks; they have yet to be named."""
    module = ast.Module([], [])
    by_name = {}
    for place in places:
        yields = ast.Expr(ast.Yield(ast.Call(ast.Name("call", ast.Load()), [], [])))
        arguments = ast.arguments([], [], None, [], [], None, [])
        module.body.append(ast.FunctionDef(f"place_{place.own}", arguments, [yields], []))
        for node in ast.walk(module.body[-1]):
            if isinstance(node, ast.stmt | ast.expr):
                place.location.put_on(node)
        by_name[f"place_{place.own}"] = place
    code = compile(module, filename, "exec", dont_inherit=True)
    stubs = [each for each in code.co_consts if isinstance(each, CodeType)]
    found = {}
    for stub in stubs:
        place = by_name[stub.co_name]
        calls = (each.offset for each in dis.get_instructions(stub) if each.opname == "CALL")
        info = (place.own, place.parent, int(place.adds), next(calls))
        found[place.mark] = stub.replace(co_consts=(*stub.co_consts, info))
    return found
