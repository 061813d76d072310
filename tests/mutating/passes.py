"""Mutations of the passes that follow the lowering: frames, names, optimising, splicing, positions."""

from mutating.mutation import Mutation

__all__ = ["PASSES"]

_PLACE = "passes/place_variables.py"
_MENTIONS = "ir/mentions.py"
_OPTIMISE = "passes/optimise.py"
_SPLICE = "passes/splice.py"
_FLOW = "ir/flow.py"
_LOWER = "passes/lower.py"

PASSES = [
    Mutation(
        "a nonlocal is dropped",
        _PLACE,
        "                frame.definition.nonlocals.append(name)\n",
        "                pass\n",
        "scopes assign",
    ),
    Mutation(
        "a loop variable is private to the round",
        _PLACE,
        "        if home.repeats_in(owner) and not self._fresh_each_round(name, home):\n",
        "        if False:\n",
        "scopes for_",
    ),
    Mutation(
        "a variable that a closure keeps is private to the round",
        _PLACE,
        "        if below < len(keeping) and keeping[below] <= home.last:\n            return False\n",
        "",
        "scopes for_",
    ),
    Mutation(
        "a variable of an earlier round is private to the round",
        _PLACE,
        "        return self.mentions.bound_first(home.scope.node.body, name)\n",
        "        return True\n",
        "scopes for_",
    ),
    Mutation(
        "every variable lives in its innermost frame",
        _PLACE,
        "            if any(frame is not level[0] for frame in level):\n                break\n",
        "",
        "scopes assign",
    ),
    Mutation(
        "a parameter that other frames assign is bound twice",
        _PLACE,
        "            definition.body.insert(0, assign)\n",
        "            pass\n",
        "scopes assign for_",
    ),
    Mutation(
        "a variable that the user declared global is local",
        _PLACE,
        "            self._foreign(name, binding, using, fresh)\n",
        "            pass\n",
        "scopes",
    ),
    Mutation(
        "the names of a comprehension are the function's",
        _PLACE,
        "        while frame.parent is not None and name not in frame.definition.owned:\n",
        "        while frame.parent is not None:\n",
        "comprehension",
    ),
    Mutation(
        "a shared variable is not declared",
        _PLACE,
        "        if name not in home.scope.binders:\n",
        "        if False:\n",
        "scopes assign",
    ),
    Mutation(
        "a name bound in one branch counts as bound in both",
        _MENTIONS,
        "                return not asked and all(self.bound_first(arm, name) for arm in arms)\n",
        "                return not asked and any(self.bound_first(arm, name) for arm in arms)\n",
        "scopes if_",
    ),
    Mutation(
        "a name bound in a branch and used after it counts as bound",
        _MENTIONS,
        "        later = len(places) > 1\n",
        "        later = False\n",
        "scopes for_ try_",
    ),
    Mutation(
        "statements after a branch that leaves stay",
        _FLOW,
        "            return completes(body) or completes(orelse)\n",
        "            return True\n",
        "tests/test_fixtures.py",
    ),
    Mutation(
        "a branch that leaves ends the block",
        _FLOW,
        "            return completes(body) or completes(orelse)\n",
        "            return completes(body) and completes(orelse)\n",
        "if_ for_",
    ),
    Mutation(
        "a match that may fit no case ends the block",
        _FLOW,
        "            return not exhaustive or any(completes(block) for block in blocks)\n",
        "            return any(completes(block) for block in blocks)\n",
        "match",
    ),
    Mutation(
        "a break inside a native statement is overlooked",
        _FLOW,
        '            return any(isinstance(piece, Jump) and piece.kind != "return" for piece in text)\n',
        "            return False\n",
        "for_ while_ try_",
    ),
    Mutation(
        "a return inside a native statement is overlooked",
        _FLOW,
        '            return any(isinstance(piece, Jump) and piece.kind == "return" for piece in text)\n',
        "            return False\n",
        "for_ while_ try_ return_",
    ),
    Mutation(
        "a jump in a finally is overlooked",
        _FLOW,
        "            blocks = [body, orelse, cleanup or [], *(handler.body for handler in handlers)]\n",
        "            blocks = [body, orelse, *(handler.body for handler in handlers)]\n",
        "try_ for_",
    ),
    Mutation(
        "the value of a wait that ends a handler is the function's",
        _FLOW,
        "            blocks = [body, orelse, *(handler.body for handler in handlers)]\n            return any(map(leaks, blocks))\n",
        "            blocks = [body, orelse]\n            return any(map(leaks, blocks))\n",
        "try_",
    ),
    Mutation(
        "no guard around a thread function",
        _LOWER,
        "        if not function.plain:\n",
        "        if False:\n",
        "lwt",
    ),
    Mutation(
        "what is lifted stands behind its use",
        _LOWER,
        "        return [*self.lifted.pop(), *body]\n",
        "        return [*body, *self.lifted.pop()]\n",
        "runs",
    ),
    Mutation(
        "no block is lifted",
        _LOWER,
        "        if place.depth > MAXIMAL_DEPTH and",
        "        if place.depth > 10_000 and",
        "runs tests/test_limits.py",
    ),
    Mutation(
        "long runs nest",
        _LOWER,
        "        if sum(waiting) > LONGEST_RUN:\n",
        "        if sum(waiting) > 10_000:\n",
        "tests/test_limits.py",
    ),
    Mutation(
        "a later wait is overlooked: map where a path waits",
        _LOWER,
        "after_waits or index < last_wait",
        "after_waits or index + 1 < last_wait",
        "lwt for_",
    ),
    Mutation(
        "comments of what is never reached are lost",
        _LOWER,
        "                return body + _comments_of(following)\n",
        "                return body\n",
        "tests/test_fixtures.py",
    ),
    Mutation(
        "map for a bind whose continuation gives a promise",
        _OPTIMISE,
        '            case Helper("bind", (operand, Ref(name))), Helper("return_", (inner,)) if (\n',
        '            case Helper("bind", (operand, Ref(name))), Helper(_, (inner, *_)) if (\n',
        "lwt",
    ),
    Mutation(
        "a continuation is left out though its arguments differ",
        _OPTIMISE,
        "        if isinstance(value, Apply) and value.arguments == parameters:\n",
        "        if isinstance(value, Apply):\n",
        "bool_ops if_",
    ),
    Mutation(
        "a user's function is taken for a continuation's equal: it may be rebound",
        _OPTIMISE,
        "    match definition.body:\n        case [ReturnOut(value=value, comments=())]:\n            return value\n",
        "    match definition.body:\n        case [ReturnOut(value=value, comments=())]:\n"
        "            printed = value if isinstance(value, tuple) else ()\n"
        "            text = ''.join(map(str, printed))\n"
        "            if text.endswith('(_)') and text[:-3].isidentifier():\n"
        "                return Apply(text[:-3], (('_',),))\n"
        "            return value\n",
        "tests/test_fixtures.py",
    ),
    Mutation(
        "a function with a nonlocal becomes a lambda",
        _OPTIMISE,
        "    if definition.nonlocals or definition.globals or definition.declarations or definition.comments:\n",
        "    if definition.globals or definition.declarations or definition.comments:\n",
        "tests/test_fixtures.py",
    ),
    Mutation(
        "a continuation with a comment becomes a lambda without",
        _OPTIMISE,
        "        case [ReturnOut(value=value, comments=())]:\n",
        "        case [ReturnOut(value=value)]:\n",
        "tests/test_fixtures.py",
    ),
    Mutation(
        "a definition that is used twice is removed",
        _OPTIMISE,
        "        if not self._count(definition.name, body):\n            body.remove(definition)\n",
        "        body.remove(definition)\n",
        "tests/test_fixtures.py",
    ),
    Mutation(
        "two generated names are the same",
        "names.py",
        "        self._taken.add(name)\n",
        "        pass\n",
        "lwt spill",
    ),
    Mutation(
        "a generated name is one of the user's",
        "names.py",
        "        self._taken = {*taken, *dir(builtins), *keyword.kwlist}\n",
        "        self._taken = {*dir(builtins), *keyword.kwlist}\n",
        "scopes",
    ),
    Mutation(
        "a generated name hides a builtin",
        "names.py",
        "        self._taken = {*taken, *dir(builtins), *keyword.kwlist}\n",
        "        self._taken = {*taken, *keyword.kwlist}\n",
        "tests/test_markers.py tests/test_fixtures.py",
    ),
    Mutation(
        "the ignored parameter is a name that the user reads",
        "names.py",
        'self.of("ignored value") if underscore_is_read else "_"',
        '"_"',
        "scopes lwt",
    ),
    Mutation(
        "the runtime is not imported",
        _SPLICE,
        "        new += [line] if line is not None and node is place else []\n",
        "",
        "imports",
    ),
    Mutation(
        "the markers' import takes other names along",
        _SPLICE,
        "        kept = [name for name in node.names if name not in names]\n",
        "        kept = []\n",
        "imports",
    ),
    Mutation(
        "the import stands before the docstring and __future__",
        _SPLICE,
        "            after = node\n        else:\n            break\n",
        "            pass\n        else:\n            break\n",
        "imports",
    ),
    Mutation(
        "the position map is off by one",
        _SPLICE,
        "            start = length + place.start + extra\n",
        "            start = length + place.start + extra + 1\n",
        "tests/test_positions.py",
    ),
    Mutation(
        "positions do not count carriage returns",
        _SPLICE,
        '            extra = shift if shift is not None else text.count("\\n", 0, place.start)\n',
        "            extra = 0\n",
        "tests/test_positions.py",
    ),
    Mutation(
        "untouched text maps to the start of the file",
        _SPLICE,
        "Mapped(length, length + end - position, Span(position, end), True)",
        "Mapped(length, length + end - position, Span(0, end), True)",
        "tests/test_positions.py",
    ),
]
