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

from lwtsyntax.compiling.lines import with_first_line
from lwtsyntax.compiling.relocation import Lowered, Owner

__all__ = ["mark_names", "renamed"]

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


def renamed(
    code: CodeType,
    first_lines: FirstLines,
    places: Mapping[str, CodeType],
    around: tuple[tuple[str, str], ...] = (),
    owner: str = "<module>",
) -> CodeType:
    """*code*, whose definitions were marked, with the names of the source, and *places* for their marks.

    *around*: what the scopes around it were called, and are; *owner* is the user's function around it.
    """
    was = code.co_qualname
    name, qualname = code.co_name, was
    for old, new in reversed(around):
        if was.startswith(f"{old}."):
            qualname = new + was.removeprefix(old)
            break
    match _MARKED.fullmatch(name):
        case re.Match() as marked if marked[1] == _REGION:
            name, qualname = owner, around[-1][1]
        case re.Match() as marked:
            qualname = qualname.removesuffix(name) + marked[1]
            name = marked[1]
    inner = (*around, (was, qualname))
    if name.endswith("comp>"):  # no `<locals>` in the names of what it holds
        inner = (*inner, (f"{was}.<locals>", qualname))
    is_function = code.co_flags & CO_OPTIMIZED
    owner = name if is_function else owner
    constants: list[object] = []
    for each in code.co_consts:
        if isinstance(each, CodeType):
            each = renamed(each, first_lines, places, inner, owner)
        elif isinstance(each, str) and each in places:
            each = places[each].replace(co_name=owner, co_qualname=qualname)
        elif each == was and around and not is_function:
            each = qualname  # the __qualname__ of a class
        constants.append(each)
    if (code.co_name, code.co_firstlineno) in first_lines:
        code = with_first_line(code, first_lines[code.co_name, code.co_firstlineno])
    return code.replace(co_name=name, co_qualname=qualname, co_consts=tuple(constants))
