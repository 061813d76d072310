"""``python -m tools.forms``: write the files that list the forms; ``--check`` writes nothing."""

from __future__ import annotations

import argparse
import sys

from tools.forms.files import ROOT, generated


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.forms", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit with 1 if it would"
    )
    check = parser.parse_args().check
    changed = 0
    for path, text in generated().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        changed += 1
        print(("would write " if check else "wrote ") + path.relative_to(ROOT).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
