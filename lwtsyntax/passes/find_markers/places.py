"""Where each marker belongs, and what is said where it does not."""

from __future__ import annotations

__all__ = ["FORMS", "REFUSALS", "UNDECORATED", "arguments_of"]

FORMS = {
    "for_lwt": "for x in for_lwt(xs):",
    "while_lwt": "while while_lwt(c):",
    "match_lwt": "match match_lwt(e):",
    "with_lwt": "with with_lwt(m) as r:",
    "exception": "case exception(P): in a match_lwt",
}

_OUTSIDE = "put @lwt above the def that holds it"
# the kind of place -> code, message, hint
REFUSALS = {
    "module": ("LWT010", "{} outside a thread function", "Lwt.run(e) waits at module level"),
    "function": ("LWT010", "{} outside a thread function", _OUTSIDE),
    "class": ("LWT011", "{} in a class body", "wait before the class and use the result in it"),
    "comprehension": (
        "LWT012",
        "{} inside a generator expression",
        "use a list comprehension; a generator expression may wait in its first iterable only",
    ),
    "annotation": ("LWT026", "{} in an annotation", "wait before, and name the result"),
    "generic": (
        "LWT026",
        "{} in the bases of a generic class, which its type parameters enclose",
        "wait before the class",
    ),
    "lambda": ("LWT013", "{} inside a lambda", "write a def with @lwt above it"),
    "async": ("LWT014", "{} inside an async function", "use await there, or make it an @lwt def"),
}

# what @lwt stands on -> its name, hint
UNDECORATED = {
    "async": (
        "an async def",
        "take @lwt away and use await; or take async away and wait by lwt(e)",
    ),
    "class": ("a class", "put it on the methods that wait"),
}


def arguments_of(marker: str, given: int) -> tuple[str, str]:
    """Message and hint for a marker that is called with the wrong arguments."""
    if not given:
        hint = f"write {marker}(e)"
        pause = "; lwt(Lwt.pause()) lets the other threads run" if marker == "lwt" else ""
        return f"{marker}() has nothing to wait for", hint + pause
    number = "one or more arguments" if marker == "lwt" else "exactly one argument"
    return f"{marker} takes {number}, without keywords", f"write {marker}(e)"
