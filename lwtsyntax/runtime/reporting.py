"""What happens to failures that no code waits for: reported on stderr, never a process exit."""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

import sys
from collections.abc import Callable


def _cancellation(error: BaseException) -> bool:
    from .cancellation import Canceled

    # While asyncio is being imported it may lack the name.
    foreign = getattr(sys.modules.get("asyncio"), "CancelledError", Canceled)
    return isinstance(error, Canceled | foreign)


def add_notes(error: BaseException) -> None:
    """`error` is about to be reported: where its code has source maps, say which lines it comes from."""
    try:
        from .source_maps import annotate

        annotate(error)
    except Exception:
        pass  # a report without a note is better than none


def _print(headline: str, error: BaseException) -> None:
    if sys.stderr is None:
        return
    sys.stderr.write(headline + "\n")
    # Not the traceback module: this runs within garbage collections, and it calls ast.parse, which is not
    # reentrant in CPython 3.11 (SystemError: AST constructor recursion depth mismatch).
    sys.__excepthook__(type(error), error, error.__traceback__)


def report_unobserved(error: BaseException) -> None:
    """Report a rejection nobody waited for.  Cancellation is no failure and stays silent, as in asyncio."""
    if sys.is_finalizing() or _cancellation(error):
        return
    add_notes(error)
    _print("A promise was rejected and nobody waited for it:", error)


def report_async_failure(error: BaseException) -> None:
    """The default `async_exception_hook`."""
    if not _cancellation(error):
        _print("Exception in a thread started by Lwt.async_ (or in a callback):", error)


_hook: Callable[[BaseException], object] = report_async_failure


def async_exception_hook(error: BaseException) -> None:
    """Give `error` to the current hook (`!Lwt.async_exception_hook`).

    By default it is reported on stderr with its traceback; unlike Lwt's, it never ends the process.
    """
    add_notes(error)
    try:
        _hook(error)
    except Exception as another:
        _print("The async exception hook failed:", another)


def set_async_exception_hook(
    hook: Callable[[BaseException], object],
) -> Callable[[BaseException], object]:
    """Make `hook` receive the failures of `async_` and of `on_*` callbacks; returns the hook before it."""
    global _hook
    before = _hook
    _hook = hook
    return before
