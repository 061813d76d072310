"""A docstring."""
from __future__ import annotations

from effects import fail, get, log
from lwtsyntax import exception, for_lwt, lwt as lwt_2, match_lwt

lwt_before = lwt = 5


@lwt_2
def choose(x):
    if lwt_2(get(x > 3)): return lwt_2(get("big"))
    elif lwt_2(get(x > 1)): y = lwt_2(get("middle")); return y
    elif x:
        assert lwt_2(get(x)), "never"
        assert x == 1
    else: raise KeyError(x)
    return lwt, lwt - x


@lwt_2
def caught(x):
    match match_lwt(choose(x)):
        case exception(KeyError() | ValueError() as error):
            log("caught", repr(error))
            return 3
        case [5, rest] if rest:
            return lwt_2(get(rest))
        case "middle" | "big" as found:
            return found


@lwt_2
def main():
    results = []
    for x in for_lwt(range(5)):
        result = lwt_2(caught(x))
        results.append(result)
    try:
        lwt_2(fail(ValueError("no")))
    except ValueError as error:
        results[0] = lwt_2(get(str(error)))
    else:
        pass
    finally:
        lwt_2(get("finally"))
    a, (b, c), d = lwt_2(get(1), get((2, 3)), (
        get(4)  # in brackets
    ))
    return results, a, b, c, d
