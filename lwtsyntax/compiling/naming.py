"""Names of functions: what the output adds bears the name of the function of the user's around it.

Before compiling, every generated definition gets a name that no user can write.  Afterwards its code
object takes the name of the function around it, and what the user defined inside it the qualified name
that it has in the source: ``f.<locals>.g``, not ``f.<locals>.with_x.<locals>.g``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from inspect import CO_OPTIMIZED
from types import CodeType

from lwtsyntax.compiling.lines import FAR, with_lines
from lwtsyntax.compiling.relocation import Lowered, Owner

__all__ = ["Renaming", "mark_names"]

_REGION = "region"
_MARKED = re.compile(rf"({_REGION}|<\w+>) \w+")

FirstLines = dict[tuple[str, int], int]


def mark_names(lowered: Lowered) -> FirstLines:
    """Rename the definitions that the source does not have, or has as lambdas.

    Gives the line that a function begins with, its decorators being gone, by its name and its own line.
    """
    new: dict[tuple[Owner, str], str] = {}
    first_lines: FirstLines = {}
    for node in lowered.nodes:
        if not isinstance(node, ast.FunctionDef):
            continue
        if node in lowered.lambdas or node in lowered.generated:
            mark = f"{_mark(node, lowered)} {node.name}"
            new[lowered.owners[node], node.name] = node.name = mark
        elif not node.decorator_list and lowered.decorators.get(node):
            first_lines[node.name, node.lineno] = lowered.decorators[node][0].lineno
    for node in lowered.nodes:
        if isinstance(node, ast.Name):
            node.id = _found(node.id, lowered.owners[node], lowered, new)
        elif isinstance(node, ast.Nonlocal):
            owner = lowered.owners[node]
            node.names = [_found(name, owner, lowered, new) for name in node.names]
    return first_lines


def _mark(node: ast.FunctionDef, lowered: Lowered) -> str:
    """What the name of *node* begins with: the name that it will have, if that is not its function's."""
    if node in lowered.lambdas:
        return "<lambda>"
    if not lowered.is_scope(node):
        return _REGION
    empty = next(each.value for each in node.body if isinstance(each, ast.Assign))
    kinds = {ast.List: "<listcomp>", ast.Dict: "<dictcomp>"}
    return kinds.get(type(empty), "<setcomp>")


def _found(name: str, owner: Owner, lowered: Lowered, new: dict[tuple[Owner, str], str]) -> str:
    """What *name*, used in *owner*, is called now."""
    while (owner, name) not in new:
        if owner is None:
            return name
        owner = lowered.owners[owner]
    return new[owner, name]


class Renaming:
    """Gives code objects whose definitions were marked the names of the source, and *places* for their marks.

    What the output adds begins with a line of its own: profilers tell functions by file, line and name.
    """

    def __init__(self, first_lines: FirstLines, places: Mapping[str, CodeType]) -> None:
        self.first_lines = first_lines
        self.places = places
        self.taken: set[int] = set()

    def module(self, code: CodeType) -> CodeType:
        """The code of a whole module."""
        self._take(code)
        return self._renamed(code, (), "<module>")

    def _take(self, code: CodeType) -> None:
        """The lines with which the functions of the source begin."""
        for each in code.co_consts:
            if isinstance(each, CodeType):
                if not each.co_name.startswith(_REGION):
                    self.taken.add(self._first_line(each))
                self._take(each)

    def _first_line(self, code: CodeType) -> int:
        """The line that *code* begins with."""
        if not code.co_name.startswith(_REGION):
            return self.first_lines.get((code.co_name, code.co_firstlineno), code.co_firstlineno)
        _, *lines = [line for *_, line in code.co_lines() if line is not None and line < FAR]
        line = lines[0] if lines else code.co_firstlineno
        while line in self.taken:
            line += 1
        self.taken.add(line)
        return line

    def _renamed(self, code: CodeType, around: tuple[tuple[str, str], ...], owner: str) -> CodeType:
        """*around*: what the scopes around *code* were called, and are; *owner* is the user's function."""
        was = code.co_qualname
        name, qualname = _names(code, around, owner)
        inner = (*around, (was, qualname))
        if name.endswith("comp>"):  # no `<locals>` in the names of what it holds
            inner = (*inner, (f"{was}.<locals>", qualname))
        is_function = code.co_flags & CO_OPTIMIZED
        owner = name if is_function else owner
        constants: list[object] = []
        for each in code.co_consts:
            if isinstance(each, CodeType):
                each = self._renamed(each, inner, owner)
            elif isinstance(each, str) and each in self.places:
                each = _named(self.places[each], owner, qualname)
            elif each == was and around and not is_function:
                each = qualname  # the __qualname__ of a class
            constants.append(each)
        line = self._first_line(code) if around else code.co_firstlineno
        code = with_lines(code, line)
        return code.replace(co_name=name, co_qualname=qualname, co_consts=tuple(constants))


def _named(place: CodeType, name: str, qualname: str) -> CodeType:
    """*place*, and that of its head, as places of the function of this name."""
    constants = [
        _named(each, name, qualname) if isinstance(each, CodeType) else each
        for each in place.co_consts
    ]
    return place.replace(co_name=name, co_qualname=qualname, co_consts=tuple(constants))


def _names(code: CodeType, around: tuple[tuple[str, str], ...], owner: str) -> tuple[str, str]:
    """The name and the qualified name that *code* has in the source."""
    qualname = code.co_qualname
    for old, new in reversed(around):
        if qualname.startswith(f"{old}."):
            qualname = new + qualname.removeprefix(old)
            break
    name = code.co_name
    match _MARKED.fullmatch(name):
        case re.Match() as marked if marked[1] == _REGION:
            return owner, around[-1][1]
        case re.Match() as marked:
            return marked[1], qualname.removesuffix(name) + marked[1]
    return name, qualname
