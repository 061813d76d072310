"""What a lowered function consists of: the functions that are parts of it, and its calls of the runtime.

A *region* is a function that a call of the runtime runs, ``each`` in ``Lwt.for_each(xs, each)``.  A
continuation is none: it goes on where its ``bind`` stands; so does a join point.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from lwtsyntax.compiling.relocation import Lowered, runtime_call

__all__ = ["ARITY", "Part", "Site", "Structure"]

# The functions of the runtime that wait or run regions, each with the number of its arguments ...
ARITY = {
    "bind": 2, "map": 2, "then": 2, "returning": 2, "for_each": 3, "while_": 3, "try_": 3, "try_star": 3,
    "finalize": 2, "using": 2, "using_lwt": 2, "try_bind": 3, "sequence": 0,
}  # fmt: skip
# ... and the first of those that are regions.
_FIRST_REGION = {
    "for_each": 1, "while_": 0, "try_": 0, "try_star": 0, "finalize": 0, "using": 1, "using_lwt": 1,
    "try_bind": 0, "sequence": 0,
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Part:
    """The function *node*: a thread function, or a part of one, which stands in the part *around*."""

    root: ast.FunctionDef
    node: ast.FunctionDef
    around: Part | None = None
    used: Part | None = None  # the part that names it first
    site: Site | None = None  # the call that it is a region of
    index: int = 0  # among the regions of that call

    def region(self) -> Part | None:
        """The region that this part is, or stands in."""
        part: Part | None = self
        while part is not None and part.site is None:
            part = part.used or part.around
        return part


@dataclass(slots=True, eq=False)
class Site:
    """A call of the runtime's function *name* that stands in *part*."""

    own: int
    call: ast.Call
    name: str
    part: Part
    regions: list[Part] = field(default_factory=list)
    continuation: Part | None = None
    operand_of: Site | None = None  # the call that waits for this one

    def within(self) -> int:
        """The number of the call in whose regions this one stands, 0 outside all regions."""
        region = self.part.region()
        return region.site.own if region is not None and region.site is not None else 0


class Structure:
    """The parts and the calls of all thread functions, in the order of the text."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.sites: list[Site] = []
        self.parts: dict[tuple[ast.FunctionDef, str], Part] = {}
        self.waits: list[tuple[ast.Return, Part]] = []  # that a part ends in
        for node in lowered.nodes:
            if isinstance(node, ast.FunctionDef) and not lowered.is_region(node):
                self._thread_function(node)
        calls = {site.call: site for site in self.sites}
        for site in self.sites:
            self._connect(site, calls)

    def _thread_function(self, root: ast.FunctionDef) -> None:
        thread = Part(root, root)
        todo: list[tuple[ast.AST, Part]] = [(node, thread) for node in reversed(root.body)]
        while todo:
            node, part = todo.pop()
            if node not in self.lowered.owners:  # the user's text
                continue
            match node:
                case ast.FunctionDef(name=name):
                    if not self.lowered.is_region(node):
                        continue
                    part = self.parts[root, name] = Part(root, node, part)
                case ast.Name(id=name):
                    named = self.parts.get((root, name))
                    if named is not None and named.used is None:
                        named.used = part
                case ast.Return(value=ast.expr() as value) if node in self.lowered.waits:
                    if not self.is_part(value, root):
                        self.waits.append((node, part))
                case ast.Call():
                    name = runtime_call(node, self.lowered) or ""
                    if name in ARITY:
                        self.add(node, name, part)
            todo.extend((child, part) for child in reversed([*ast.iter_child_nodes(node)]))

    def add(self, call: ast.Call, name: str, part: Part) -> Site:
        """Take in a *call* of the runtime that stands in *part*."""
        self.sites.append(Site(len(self.sites) + 1, call, name, part))
        return self.sites[-1]

    def is_part(self, operand: ast.expr, root: ast.FunctionDef) -> bool:
        """Whether *operand* runs a part of *root*, rather than being what the user waits for."""
        match operand:
            case ast.Call(func=ast.Name(id=name)) if (root, name) in self.parts:
                return not self.lowered.is_scope(self.parts[root, name].node)
        return runtime_call(operand, self.lowered) in ARITY

    def _connect(self, site: Site, calls: dict[ast.Call, Site]) -> None:
        """Which functions *site* calls, and what waits for it."""
        first = _FIRST_REGION.get(site.name)
        found = [self._named(site, each) for each in site.call.args[first or 0 :]]
        if first is not None:
            site.regions = [part for part in found if part is not None]
            for index, part in enumerate(site.regions):
                part.site, part.index = site, index
        else:
            site.continuation = found[-1] if len(found) > 1 else None
            operand = site.call.args[0]
            if isinstance(operand, ast.Call) and operand in calls:
                calls[operand].operand_of = site

    def _named(self, site: Site, argument: ast.expr) -> Part | None:
        name = getattr(argument, "id", "")
        return self.parts.get((site.part.root, name))
