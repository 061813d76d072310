"""Which core runs: the hot modules as they were compiled, or as they are written.

Imported before all others: the compiled modules have a folder of their own, `_compiled`, which is put in front
of the package's path.  They were made from sources that are listed there with their hashes: where a
source has been edited since, nothing compiled is used, as the modules call each other's C functions.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import source_hash
from os.path import dirname, join
from typing import Final

_HERE: Final = dirname(__file__)
_COMPILED: Final = join(_HERE, "_compiled")


def _fits() -> bool:
    """Whether there is a compiled core for this interpreter that is made from the sources beside it."""
    try:
        with open(join(_COMPILED, f"sources{EXTENSION_SUFFIXES[0]}.txt"), encoding="utf-8") as file:
            sources = [line.split() for line in file]
    except OSError:
        return False
    for digest, name in sources:
        with open(join(_HERE, f"{name}.py"), "rb") as source:
            if source_hash(source.read()).hex() != digest:
                warnings.warn(
                    f"lwtsyntax.runtime.{name} has changed since the runtime was compiled, so it runs "
                    f"as pure Python: install it again, or remove {_COMPILED}",
                    RuntimeWarning,
                    stacklevel=2,
                )
                return False
    return True


is_compiled: Final[bool] = os.environ.get("LWTSYNTAX_PURE_PYTHON", "0") in ("", "0") and _fits()

if is_compiled:
    sys.modules[__name__.rpartition(".")[0]].__path__.insert(0, _COMPILED)
