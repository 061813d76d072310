"""What importing the runtime costs, and what the import hook does: ratios to plain imports, in one run.

    python benchmarks/importing.py

A package of direct-style modules is imported by fresh interpreters: as its lowered text without the hook (plain, the
unit), with the hook from its kept code (warm), and with the hook and nothing kept (cold).  Then the same for modules
without markers, which the hook looks into and leaves alone.  "Once" is the hook itself, which a process pays for once.
Processor time, without the start of the interpreter and of the runtime; the sides take turns, the least of each counts.
The runtime itself is set beside ``import asyncio``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lwtsyntax import transform

ROOT = Path(__file__).resolve().parents[1]

FUNCTION = '''
@lwt
def work_{n}(items, limit=10):
    """Go through the items, one wait each."""
    total = 0
    for item in items:
        try:
            value = lwt(fetch(item))
        except KeyError:
            continue
        if value > limit:
            break
        total += value
    return total


def help_{n}(items):
    return sorted({{item.upper(): len(item) for item in items if item}}.items())


class Thing_{n}:
    name = "thing"

    def size(self):
        return len(self.name)
'''
HEAD = "from lwtsyntax import lwt\nfrom lwtsyntax import runtime as Lwt\n\n\ndef fetch(item):\n    return Lwt.return_(item)\n"

TIMED = """
import sys, time
import lwtsyntax, lwtsyntax.runtime
start = time.process_time()
{install}
installed = time.process_time()
import app.all
print(installed - start, time.process_time() - installed)
"""
INSTALL = """
lwtsyntax.install(packages=['app'])
from lwtsyntax.importhook import cache
cache.digest()
"""


def make(folder: Path, modules: dict[str, str]) -> Path:
    package = folder / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)
    (package / "all.py").write_text("".join(f"import app.{name}\n" for name in modules))
    return folder


def seconds(folder: Path, install: str) -> tuple[float, float]:
    """What the hook and the imports take."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    code = TIMED.format(install=install)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    once, imports = map(float, done.stdout.split())
    return once, imports


def runtime(rounds: int) -> None:
    modules = ("asyncio", "lwtsyntax.runtime")
    taken: dict[str, list[float]] = {module: [] for module in modules}
    for _ in range(rounds):
        for module in modules:
            code = f"import time; t = time.process_time(); import {module}; print(time.process_time() - t)"
            done = subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
            )  # fmt: skip
            taken[module].append(float(done.stdout))
    unit, ours = (min(taken[module]) for module in modules)
    print(f"runtime   {ours / unit:.2f}  ({ours * 1e3:.1f} ms; to import asyncio)")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--modules", type=int, default=40)
    parser.add_argument("--functions", type=int, default=10, help="thread functions of a module")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    text = HEAD + "\n".join(FUNCTION.format(n=n) for n in range(options.functions))
    lowered = transform(text, format=False).text
    assert lowered is not None
    unmarked = text.replace("@lwt\n", "").replace("lwt(fetch(item))", "fetch(item)")
    unmarked = unmarked.replace(
        "from lwtsyntax import lwt\nfrom lwtsyntax import runtime as Lwt\n", ""
    )
    unmarked = unmarked.replace("Lwt.return_(item)", "item")

    def modules(source: str) -> dict[str, str]:
        return {f"module_{n}": source for n in range(options.modules)}

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        plain = make(folder / "plain", modules(lowered))
        direct = make(folder / "direct", modules(text))
        without = make(folder / "without", modules(unmarked))
        cold = min(_cold(direct) for _ in range(3))
        sides = {
            "plain": (plain, ""),
            "warm": (direct, INSTALL),
            "unmarked": (without, ""),
            "unmarked with the hook": (without, INSTALL),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
        for _ in range(options.rounds + 1):  # the first one fills the caches
            for name, (place, install) in sides.items():
                taken[name].append(seconds(place, install))
    once, _ = _least(taken["warm"])
    imports = {name: _least(times)[1] for name, times in taken.items()}
    unit, unmarked_unit = imports["plain"], imports["unmarked"]
    version = sys.version.split()[0]
    print(f"{options.modules} modules of {options.functions} thread functions, Python {version}")
    print(f"plain     1.00  ({unit * 1e3:.1f} ms)")
    print(f"warm      {imports['warm'] / unit:.2f}  (once {once / unit:.2f}: {once * 1e3:.1f} ms)")
    print(f"cold      {cold / unit:.0f}")
    print(
        f"unmarked  {imports['unmarked with the hook'] / unmarked_unit:.2f}  (to a plain import of the same)"
    )
    runtime(options.rounds)


def _least(times: list[tuple[float, float]]) -> tuple[float, float]:
    return min(once for once, _ in times), min(imports for _, imports in times)


def _cold(folder: Path) -> float:
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)
    return sum(seconds(folder, INSTALL))


if __name__ == "__main__":
    main()
