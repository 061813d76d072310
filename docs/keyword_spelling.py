"""Write the table of ``docs/keyword-spelling.md`` from ``lwtsyntax/markers.py``: ``python docs/keyword_spelling.py``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from lwtsyntax.markers import KEYWORDS

PAGE = Path(__file__).with_name("keyword-spelling.md")
_START = "<!-- keywords: written by python docs/keyword_spelling.py -->\n"
_END = "<!-- end -->\n"


def table() -> str:
    """One row for each keyword form."""
    rows = ["| you write | marker spelling | it means |", "|---|---|---|"]
    rows += [f"| `{row.spelling}` | `{row.equivalent}` | {row.meaning} |" for row in KEYWORDS]
    return "\n".join(rows) + "\n"


def written(page: str) -> str:
    """*page* with the table as it has to be."""
    before, _, rest = page.partition(_START)
    return before + _START + table() + _END + rest.partition(_END)[2]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
