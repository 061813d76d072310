"""What `lwtsyntax run FILE` takes when the program's code is kept, and when it is lowered anew.

    python benchmarks/running.py [FILE]

Milliseconds by the clock of whole processes, which take turns; the median and the least of each.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_AGE = 2.1  # seconds after which code of a file that was written is kept


def milliseconds(command: list[str], environment: dict[str, str]) -> float:
    quiet = subprocess.DEVNULL
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=quiet, stderr=quiet, check=True)
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "examples/kitchen.lwt")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    path = os.pathsep.join([str(ROOT), str(ROOT / "cli")])
    writing = {**os.environ, "PYTHONPATH": path}
    writing.pop("PYTHONDONTWRITEBYTECODE", None)
    reading = {**writing, "PYTHONDONTWRITEBYTECODE": "1"}
    run = [sys.executable, "-m", "lwtsyntax", "run"]
    with tempfile.TemporaryDirectory() as temporary:
        files = {}
        for name in ("kept", "anew"):
            folder = Path(temporary, name)
            folder.mkdir()
            files[name] = str(shutil.copy(options.file, folder))
        time.sleep(_AGE)
        sides = {
            "kept": ([*run, files["kept"]], writing),
            "anew": ([*run, files["anew"]], reading),
            "python -c pass": ([sys.executable, "-c", "pass"], reading),
        }
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(options.rounds + 1):
            for name, (command, environment) in sides.items():
                taken[name].append(milliseconds(command, environment))
    print(f"{options.file.name}, Python {sys.version.split()[0]}")
    for name, times in taken.items():
        told = times[1:]  # the first one fills the caches
        print(f"{name:15} {statistics.median(told):6.1f}  {min(told):6.1f}")


if __name__ == "__main__":
    main()
