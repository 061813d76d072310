"""Mutations of the runtime: completions, loops, regions, managers, the exception state."""

from mutating.mutation import Mutation

__all__ = ["RUNTIME"]

_REGIONS = "runtime/regions.py"
_LOOPS = "runtime/loops.py"
_BINDING = "runtime/binding.py"
_MANAGERS = "runtime/managers.py"
_SLOW = "tests/runtime tests/test_stress.py"

RUNTIME = [
    Mutation(
        "Returned is a normal end",
        "runtime/completions.py",
        "(type(value) is Returned or value is BREAK or value is CONTINUE)",
        "(value is BREAK or value is CONTINUE)",
        "for_ try_",
    ),
    Mutation(
        "BREAK is a normal end",
        "runtime/completions.py",
        "(type(value) is Returned or value is BREAK or value is CONTINUE)",
        "(type(value) is Returned or value is CONTINUE)",
        "for_ try_",
    ),
    Mutation(
        "CONTINUE is a normal end",
        "runtime/completions.py",
        "(type(value) is Returned or value is BREAK or value is CONTINUE)",
        "(type(value) is Returned or value is BREAK)",
        "for_ try_",
    ),
    Mutation(
        "a pending region's completion is not passed on by then",
        _REGIONS,
        "    k = w._k\n    w._k = w._waits_on = None\n    if p._state == REJECTED:\n"
        "        return pass_rejection(w, p)\n    if is_abrupt(p._value):\n"
        "        return follow(w, p)\n    try:\n        q = ended(k())\n",
        "    k = w._k\n    w._k = w._waits_on = None\n    if p._state == REJECTED:\n"
        "        return pass_rejection(w, p)\n    try:\n        q = ended(k())\n",
        "for_ try_",
    ),
    Mutation(
        "a sequence goes on after an abrupt end",
        _REGIONS,
        "            if p._value is not None and is_abrupt(p._value):\n                return p\n"
        "        elif state == REJECTED:\n",
        "            pass\n        elif state == REJECTED:\n",
        "runs",
    ),
    Mutation(
        "returning gives the Returned itself",
        _REGIONS,
        "        return return_(completion.value)\n",
        "        return return_(completion)\n",
        "for_",
    ),
    Mutation(
        "else of a try runs after a return",
        _REGIONS,
        "    if no_error is None or is_abrupt(p._value):\n",
        "    if no_error is None:\n",
        "try_",
    ),
    Mutation(
        "a handler runs without the exception state",
        _REGIONS,
        "        return settled(ended(handling(received(p, place, body), on_error)), place, on_error)\n",
        "        received(p, place, body)\n        return settled(ended(on_error()), place, on_error)\n",
        "try_",
    ),
    Mutation(
        "finally is skipped when the body ends abruptly",
        _REGIONS,
        "    else:\n        done = ended(cleanup())\n",
        "    elif is_abrupt(p._value):\n        return p\n    else:\n        done = ended(cleanup())\n",
        "try_",
    ),
    Mutation(
        "finally is skipped when the body is rejected",
        _REGIONS,
        "        done = ended(handling(delivered(p), cleanup))\n",
        "        return p\n",
        "try_",
    ),
    Mutation(
        "a return in finally does not replace the outcome",
        _REGIONS,
        "    if done._state == REJECTED or is_abrupt(done._value):\n        return done\n",
        "    if done._state == REJECTED:\n        return done\n",
        "try_",
    ),
    Mutation(
        "an exception in finally does not replace the outcome",
        _REGIONS,
        "    if done._state == REJECTED or is_abrupt(done._value):\n        return done\n",
        "    if is_abrupt(done._value):\n        return done\n",
        "try_",
    ),
    Mutation(
        "finally does not see the exception",
        _REGIONS,
        "        done = ended(handling(delivered(p), cleanup))\n",
        "        done = ended(cleanup())\n",
        "try_ tests/runtime",
    ),
    Mutation(
        "break goes on with the next round",
        _LOOPS,
        "            if value is BREAK:\n                return unit\n            if type(value) is Returned:\n                return p\n"
        "        elif state == REJECTED:\n            return rejected_again(p, place, body)\n"
        "        else:\n            if w is None:\n                return waiter(_for_each_step",
        "            if type(value) is Returned:\n                return p\n"
        "        elif state == REJECTED:\n            return rejected_again(p, place, body)\n"
        "        else:\n            if w is None:\n                return waiter(_for_each_step",
        "for_",
    ),
    Mutation(
        "a pending break goes on with the next round",
        _LOOPS,
        "        if value is None or (value is not BREAK and type(value) is not Returned):\n",
        "        if value is None or type(value) is not Returned:\n",
        "for_",
    ),
    Mutation(
        "a pending return goes on with the next round",
        _LOOPS,
        "        if value is None or (value is not BREAK and type(value) is not Returned):\n",
        "        if value is None or value is not BREAK:\n",
        "for_",
    ),
    Mutation(
        "the else of a loop runs after a break",
        _LOOPS,
        "        elif value is BREAK:\n            p = unit\n",
        "        elif value is BREAK:\n            p = unit if no_break is None else ended(no_break())\n",
        "for_",
    ),
    Mutation(
        "a pending condition holds whatever its value",
        _LOOPS,
        "        if p._value:\n            p = _while(cond, body, no_break, True, w, w._place)\n",
        "        if True:\n            p = _while(cond, body, no_break, True, w, w._place)\n",
        "while_",
    ),
    Mutation(
        "a condition that was waited for is asked again",
        _LOOPS,
        "            p = _while(cond, body, no_break, True, w, w._place)\n",
        "            p = _while(cond, body, no_break, False, w, w._place)\n",
        "while_",
    ),
    Mutation(
        "a pending break of a while loop is a normal end",
        _LOOPS,
        "        if value is BREAK:\n            p = unit\n        elif type(value) is not Returned:\n",
        "        if type(value) is not Returned:\n",
        "while_",
    ),
    Mutation(
        "the stack grows with the rounds of bind",
        _BINDING,
        "        if depth >= LIMIT:  # too deep: the same call again, later\n            return defer(bind, on, k, place)\n",
        "",
        _SLOW,
    ),
    Mutation(
        "a pending wait forgets what was being handled",
        _BINDING,
        "    if handled is not None:\n        keep_handled(r, handled)\n",
        "",
        "try_ tests/runtime",
    ),
    Mutation(
        "a wait for a rejected promise gets no context",
        _BINDING,
        "    observe(p)\n    add_context(p._value)\n    q: Promise[Any] = Promise()\n",
        "    observe(p)\n    q: Promise[Any] = Promise()\n",
        "try_ tests/runtime",
    ),
    Mutation(
        "a pending rejection gets no context",
        _BINDING,
        "    if nest.handling is w:\n        add_context(error)\n",
        "",
        "tests/runtime/test_exception_state.py",
    ),
    Mutation(
        "what a continuation raises is raised",
        _BINDING,
        "            nest.depth = depth  # before `failed`, which lets KeyboardInterrupt & co. out\n",
        "            raise\n",
        "lwt try_ tests/runtime",
    ),
    Mutation(
        "a with that swallows does not",
        _MANAGERS,
        "            if handling(error, lambda: leave(type(error), error, error.__traceback__)):\n                return unit\n",
        "            handling(error, lambda: leave(type(error), error, error.__traceback__))\n",
        "with_",
    ),
    Mutation(
        "the manager's exit is not called after a normal end",
        _MANAGERS,
        "        leave(None, None, None)\n        return p\n",
        "        return p\n",
        "with_",
    ),
    Mutation(
        "the manager's exit is not called when the body raises at once",
        _MANAGERS,
        "        strip(error)\n        if leave(type(error), error, error.__traceback__):\n            return unit\n        raise\n",
        "        raise\n",
        "with_",
    ),
    Mutation(
        "a waiting exit that swallows does not",
        _MANAGERS,
        "        return unit if swallowed._value else rejected_again(outcome)\n",
        "        return rejected_again(outcome)\n",
        "with_",
    ),
    Mutation(
        "the exit of a manager is looked up on the instance",
        _MANAGERS,
        '    leave = special_method(manager, "__exit__", " (missed __exit__ method)")\n',
        "    leave = manager.__exit__\n",
        "tests/runtime/test_regions.py with_",
    ),
]
