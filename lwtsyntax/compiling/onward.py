"""The lines that a branch or a loop leads to, where functions end in between.

In the source control goes from the head of a loop to its body, from there back to the head, and in the end
to what follows; it goes from an ``if`` that ends a ``try`` to what comes behind that.  In compiled code one
function ends and another begins there.  So the one that begins, or the one that ends, passes by the line that
the other knows.
"""

from __future__ import annotations

import ast
from itertools import pairwise

from lwtsyntax.compiling.flow import entry, move_all, passing
from lwtsyntax.compiling.lines import FAR
from lwtsyntax.compiling.origins import NOWHERE, Location, definition, located
from lwtsyntax.compiling.parts import Part, Site, Structure
from lwtsyntax.compiling.relocation import inner_blocks

__all__ = ["lead_onward"]


def lead_onward(structure: Structure) -> None:
    """Let the parts of loops, and those that end in a branch, pass by the lines that lead to them."""
    onward = _Onward(structure)
    for part in [*structure.parts.values()]:
        place = onward.after(part)
        if place is not None:
            onward.lead(part.node.body, place)
    for site in structure.sites:
        if site.name in ("for_each", "while_"):
            onward.loop(site)


class _Onward:
    def __init__(self, structure: Structure) -> None:
        self.lowered = structure.lowered
        self.parts = structure.parts

    def after(self, part: Part) -> Location | None:
        """Where the source goes on when *part* ends normally."""
        region = part.region()
        if region is None or region.site is None:
            return None
        site, index = region.site, region.index
        following = site.regions[index + 1 : index + 2]
        match site.name, index:
            case ("for_each", 0) | ("while_", 1):
                return located(site.call)
            case ("while_", 0) | ("try_bind", 0):
                return None
            case ("finalize", 0) | ("sequence", _) if following:
                return self.beginning(following[0])
            case (("try_" | "try_star"), 0) if len(site.regions) > 2:
                return self.beginning(site.regions[2])
        return self.following(site)

    def following(self, site: Site) -> Location | None:
        """Where the source goes on behind the call *site*."""
        after = site.operand_of
        if after is not None and after.continuation is not None:
            return self.beginning(after.continuation)
        return self.after(site.part)

    def beginning(self, part: Part) -> Location | None:
        """Where *part* begins."""
        first = self._first(part)
        place = NOWHERE if first is None else entry(first)
        if place != NOWHERE:
            return place
        called = getattr(getattr(first, "value", None), "func", None)
        onward = self.parts.get((part.root, getattr(called, "id", "")))
        return self.after(part) if onward is None else self.beginning(onward)

    def _first(self, part: Part) -> ast.stmt | None:
        """The first statement of *part* that the source has too."""
        own = (node for node in part.node.body if node in self.lowered.owners)
        return next((node for node in own if not self.lowered.is_region(node)), None)

    def loop(self, site: Site) -> None:
        """From the head of the loop *site* to each round, and in the end to what follows."""
        rounds = site.regions[1:] if site.name == "while_" else site.regions
        for part in rounds:
            _begin(part, located(site.call))
        after = site.operand_of.continuation if site.operand_of is not None else None
        if len(rounds) > 1:
            return
        if after is not None and after.used is site.part and not self._breaks(site):
            self._continue(after, located(site.call))
        elif (place := self.following(site)) is not None:
            self._exhausted(site, place)

    def _continue(self, after: Part, head: Location) -> None:
        """From the *head* of a loop to what stands behind it."""
        first, place = self._first(after), self.beginning(after)
        if isinstance(first, ast.Return) and located(first) == NOWHERE and place is not None:
            move_all(first, place.start)
        _begin(after, head)

    def _breaks(self, site: Site) -> bool:
        nodes = (node for part in site.regions for node in ast.walk(part.node))
        return any(
            isinstance(node, ast.Attribute) and node.attr.startswith("BREAK")
            for node in nodes
            if node in self.lowered.generated
        )

    def _exhausted(self, site: Site, place: Location) -> None:
        """An ``else`` that only passes by the head of the loop and *place*."""
        name = f"exhausted_{site.own}"
        function = definition(name, [passing(place.start)])
        reference = ast.Name(name, ast.Load())
        for node in (function, reference):
            located(site.call).put_on(node)
            self.lowered.add(node, site.part.root)
            self.lowered.generated.add(node)
        site.call.args.append(reference)
        part = Part(site.part.root, function, site.part)
        _begin(part, located(site.call))
        block, index = _found(site.call, site.part.node.body) or ([], 0)
        block.insert(index, function)

    def lead(self, body: list[ast.stmt], place: Location) -> None:
        """Let the branches that end *body* lead to *place*."""
        self._returns(body, place)
        if body and _branches_out(body[-1]):
            body.append(ast.Pass())
            place.start.put_on(body[-1])

    def _returns(self, body: list[ast.stmt], place: Location) -> None:
        """The statements that only end the function."""
        for before, node in pairwise(body):
            ends = isinstance(node, ast.Return) and not isinstance(node.value, ast.Call)
            if ends and located(node) == NOWHERE and _branches_out(before):
                move_all(node, place.start)
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                for block in inner_blocks(node):
                    self._returns(block, place)


def _begin(part: Part, place: Location) -> None:
    """Let *part* begin at *place*, by a line that is not the one that its code begins with."""
    line = place.lineno + FAR
    far = Location(line, place.col_offset, line, place.col_offset)
    part.node.body.insert(0, passing(far))


def _found(call: ast.Call, body: list[ast.stmt]) -> tuple[list[ast.stmt], int] | None:
    """Where the statement stands that makes *call*."""
    for index, node in enumerate(body):
        if isinstance(node, ast.Return) and any(each is call for each in ast.walk(node)):
            return body, index
        for block in () if isinstance(node, ast.FunctionDef | ast.ClassDef) else inner_blocks(node):
            found = _found(call, block)
            if found is not None:
                return found
    return None


def _branches_out(node: ast.stmt) -> bool:
    """Whether *node* can be left from a line that leads to other places too."""
    match node:
        case ast.If(body=body, orelse=orelse):
            return not orelse or _branches_out(body[-1]) or _branches_out(orelse[-1])
        case ast.For() | ast.While() | ast.Match():
            return True
        case ast.With() | ast.Try() | ast.TryStar():
            return any(_branches_out(block[-1]) for block in inner_blocks(node) if block)
    return False
