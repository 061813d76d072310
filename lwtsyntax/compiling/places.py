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

Loops and ``with`` also fetch, ask, enter and exit, where their statement begins.  That is their *head*, which has
a place of its own, the constant before the last of theirs: as if a call stood there in one of their regions.

A wait that ends a region, ``lambda x: fn(x)`` say, has no call of its own: the call that runs the region
stands for it.  Where a call has several of them, the others go through ``Lwt.passing``.  At the thread
function's own level such a wait is a tail call, which leaves no entry.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterable
from dataclasses import dataclass
from types import CodeType

from lwtsyntax.compiling.origins import Location, definition, located
from lwtsyntax.compiling.parts import ARITY, Part, Site, Structure

__all__ = ["Place", "add_places", "compiled_places"]


_HEADED = ("for_each", "while_", "using", "using_lwt")


@dataclass(frozen=True, slots=True)
class Place:
    """What a call of the runtime says of itself; *mark* stands for it in the syntax tree."""

    own: int
    parent: int
    adds: bool
    location: Location
    head: Place | None = None

    @property
    def mark(self) -> str:
        return f"place of a wait {self.own}"


def add_places(structure: Structure) -> list[Place]:
    """Give every call of the runtime an argument that stands for its place."""
    tails = _Tails(structure)
    for site in [*structure.sites]:
        tails.share_out(site)
    places = []
    for site in structure.sites:
        location = tails.chosen.get(site)
        adds = location is not None or site.name == "passing"
        if site.name in ("bind", "map"):
            adds = not structure.is_part(site.call.args[0], site.part.root)
        here = located(site.call)
        head = None
        if site.name in _HEADED:
            head = Place(len(structure.sites) + site.own, site.own, True, here)
        place = Place(site.own, site.within(), adds, location or here, head)
        _pass(site, place.mark)
        places.append(place)
    return places


class _Tails:
    """The waits that end regions."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.lowered = structure.lowered
        self.chosen: dict[Site, Location] = {}
        self._of: dict[Site, list[tuple[int, ast.Return, Part]]] = {}
        for node, part in structure.waits:
            region = part.region()
            if region is not None and region.site is not None:
                self._of.setdefault(region.site, []).append((region.index, node, part))

    def share_out(self, site: Site) -> None:
        """The call stands for the first of the waits that end its regions, the others get calls of their own.

        A condition gets none: it may also be no promise.
        """
        for index, node, part in sorted(self._of.get(site, ()), key=lambda tail: tail[0]):
            if site not in self.chosen:
                self.chosen[site] = self.lowered.waits[node]
            elif index or site.name != "while_" or part.site is None:
                self._passing(node, part, site)

    def _passing(self, node: ast.Return, part: Part, site: Site) -> None:
        """``return e``  →  ``return Lwt.passing(e)``"""
        runtime = site.call.func
        assert isinstance(runtime, ast.Attribute) and isinstance(runtime.value, ast.Name)
        alias = ast.Name(runtime.value.id, ast.Load())
        called = ast.Attribute(alias, "passing", ast.Load())
        assert node.value is not None
        call = node.value = ast.Call(called, [node.value], [])
        place = self.lowered.waits[node]
        for new, at in ((alias, place.start), (called, place.start), (call, place)):
            at.put_on(new)
            self.lowered.add(new, self.lowered.owners[node])
        self.structure.add(call, "passing", part)


def _pass(site: Site, mark: str) -> None:
    """Give the call of *site* the mark of its place."""
    argument = ast.Constant(mark)
    located(site.call).put_on(argument)
    if site.name == "sequence":
        site.call.keywords.append(ast.keyword("place", argument))
        located(site.call).put_on(site.call.keywords[-1])
        return
    for _ in range(ARITY.get(site.name, 1) - len(site.call.args)):
        site.call.args.append(ast.Constant(None))
        located(site.call).put_on(site.call.args[-1])
    site.call.args.append(argument)


# -- code objects ---------------------------------------------------------------------------------


def compiled_places(places: Iterable[Place], filename: str) -> dict[str, CodeType]:
    """The code objects of *places*, by their marks; they and those of their heads have yet to be named."""
    places = list(places)
    heads = [place.head for place in places if place.head is not None]
    module = ast.Module([], [])
    by_name = {}
    for place in [*heads, *places]:
        yields: ast.stmt = ast.Expr(ast.Yield(ast.Call(ast.Name("call", ast.Load()), [], [])))
        module.body.append(definition(f"place_{place.own}", [yields]))
        for node in ast.walk(module.body[-1]):
            if isinstance(node, ast.stmt | ast.expr):
                place.location.put_on(node)
        by_name[f"place_{place.own}"] = place
    code = compile(module, filename, "exec", dont_inherit=True)
    stubs = [each for each in code.co_consts if isinstance(each, CodeType)]
    found: dict[str, CodeType] = {}
    for stub in stubs:
        place = by_name[stub.co_name]
        calls = (each.offset for each in dis.get_instructions(stub) if each.opname == "CALL")
        info = (place.own, place.parent, int(place.adds), next(calls))
        head = (found[place.head.mark],) if place.head is not None else ()
        found[place.mark] = stub.replace(co_consts=(*stub.co_consts, *head, info))
    return found
