"""OCaml's own Lwt, compiled to native code when OCaml's compiler and Lwt are installed."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..measuring import load

_SOURCE = Path(__file__).with_suffix(".ml")
_BUILD = Path(__file__).resolve().parents[3] / "build" / "benchmarks"
_LONGEST = 120  # seconds


def _built() -> Path:
    finder = shutil.which("ocamlfind")
    query = [finder or "", "query", "lwt.unix"]
    if not finder or subprocess.run(query, capture_output=True, check=False).returncode:
        raise ImportError("needs OCaml and Lwt (Debian: ocaml-nox ocaml-findlib liblwt-ocaml-dev)")
    digest = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]
    program = _BUILD / digest / "ocaml"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        source = shutil.copy(_SOURCE, program.parent)
        command = [finder, "ocamlopt", "-thread", "-package", "lwt.unix", "-linkpkg"]
        subprocess.run([*command, source, "-o", str(program)], check=True)
    return program


_PROGRAM = _built()


def answer(program: str, kind: str, size: int, units: int) -> dict[str, Any]:
    if program == "echo":
        with load(size, units) as start:
            return _run(program, size, size * units, start)
    return _run(program, size, units, kind=kind)


def _run(
    program: str,
    size: int,
    units: int,
    serve: Callable[[int], None] | None = None,
    kind: str = "",
) -> dict[str, Any]:
    """What one run takes; ``serve`` is called with the port of a server."""
    command = [str(_PROGRAM), program, kind, str(size), str(units)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if serve is not None:
            serve(int(process.stdout.readline()))
        try:
            output, _ = process.communicate(timeout=_LONGEST)
        finally:
            process.kill()
    if process.returncode == -signal.SIGSEGV:  # which OCaml does not always see coming
        return {"skipped": "overflows its stack"}
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    answer: dict[str, Any] = json.loads(output)
    return answer
