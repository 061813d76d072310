"""Parts of a file that are generated, between two comments that stay.

In Markdown the table behind ``<!-- NAME: … -->``; in vim's scripts ``" NAME: …`` up to ``" end``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["replace_regions"]

_SHAPES = (
    r"(^<!-- {name}:[^\n]* -->\n)(?:\|[^\n]*\n)*",
    r'(^" {name}:[^\n]*\n).*?(?=^" end\n)',
)


def replace_regions(text: str, regions: Mapping[str, str]) -> str:
    """*text* with the part called each name of *regions* replaced by its lines."""
    for name, lines in regions.items():
        found = 0
        for shape in _SHAPES:
            pattern = re.compile(shape.format(name=re.escape(name)), re.MULTILINE | re.DOTALL)
            escaped = lines.replace("\\", r"\\")
            text, count = pattern.subn(rf"\g<1>{escaped}", text)
            found += count
        if found != 1:
            raise ValueError(f"{found} regions are called {name}, not one")
    return text
