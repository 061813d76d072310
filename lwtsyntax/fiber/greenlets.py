"""The one place that imports greenlet."""

from __future__ import annotations

try:
    from greenlet import getcurrent, greenlet
except ModuleNotFoundError as error:
    if error.name != "greenlet":
        raise
    raise ModuleNotFoundError(
        "fibers need greenlet, which is not installed: pip install 'lwtsyntax[fiber]'",
        name="greenlet",
    ) from None

__all__ = ["getcurrent", "greenlet"]
