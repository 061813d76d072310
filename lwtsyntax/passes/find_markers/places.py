"""Where each marker belongs, and what is said where it does not."""

from __future__ import annotations

from lwtsyntax.markers import written

__all__ = ["Wording", "arguments_of"]

_OUTSIDE = "put @lwt above the def that holds it"
# the kind of place -> code, message, hint
_REFUSALS = {
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

# the same in keyword spelling, where a def that waits needs no decorator
_HINTS_IN_KEYWORDS = {
    "module": "lwt x = e waits at module level, and so does Lwt.run(e) in an expression",
    "lambda": "write a def",
    "async": "use await there, or make it a def",
}

# what @lwt stands on -> its name, hint
_UNDECORATED = {
    "async": (
        "an async def",
        "take @lwt away and use await; or take async away and wait by lwt(e)",
    ),
    "class": ("a class", "put it on the methods that wait"),
}
_UNDECORATED_IN_KEYWORDS = {
    "async": "take @lwt away and use await; or take both away and wait by lwt x = e",
    "class": "take it away: a def that waits needs no decorator",
}


class Wording:
    """What is said in a file, where forms are named as its spelling writes them."""

    def __init__(self, *, keywords: bool) -> None:
        self.keywords = keywords
        self.refusals = dict(_REFUSALS)
        self.undecorated = dict(_UNDECORATED)
        self.wait = "`lwt x = e`, or lwt(e) in an expression" if keywords else "lwt(e)"
        if keywords:
            for place, hint in _HINTS_IN_KEYWORDS.items():
                self.refusals[place] = (*self.refusals[place][:2], hint)
            for place, hint in _UNDECORATED_IN_KEYWORDS.items():
                self.undecorated[place] = (self.undecorated[place][0], hint)

    def form(self, marker: str) -> str:
        """Where *marker* stands."""
        return "lwt(e)" if marker == "lwt" else written(marker, keywords=self.keywords)

    def arm(self, pattern: str) -> str:
        """An exception arm with *pattern*."""
        return self.form("exception").replace("P", pattern)


def arguments_of(marker: str, given: int) -> tuple[str, str]:
    """Message and hint for a marker that is called with the wrong arguments."""
    if not given:
        hint = f"write {marker}(e)"
        pause = "; lwt(Lwt.pause()) lets the other threads run" if marker == "lwt" else ""
        return f"{marker}() has nothing to wait for", hint + pause
    number = "one or more arguments" if marker == "lwt" else "exactly one argument"
    return f"{marker} takes {number}, without keywords", f"write {marker}(e)"
