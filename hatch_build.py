"""Compiles the hot modules of the runtime with Cython where that is possible, and says so where it is not.

A module is hot when a `.pxd` stands beside it.  What is compiled goes to `lwtsyntax/runtime/_compiled`; the
Python files are installed too, and `lwtsyntax/runtime/_core.py` chooses.  No build fails for want of a compiler.

`LWTSYNTAX_PURE_PYTHON=1` compiles nothing; editable installations are compiled when `LWTSYNTAX_COMPILE=1`.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib.util import find_spec, source_hash
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("lwtsyntax", "runtime")
COMPILED = PACKAGE / "_compiled"
REQUIREMENTS = ["cython>=3.3", "setuptools>=68"]

SETUP = """
import sys
from Cython.Build import cythonize
from setuptools import Extension, setup

arguments = [] if sys.platform == "win32" else ["-O2", "-g0"]
setup(
    name="lwtsyntax",
    packages=[],
    ext_modules=cythonize(
        [Extension("lwtsyntax.runtime.*", ["lwtsyntax/runtime/[!_]*.py"], extra_compile_args=arguments)],
        compiler_directives={
            "language_level": 3,
            "annotation_typing": False,  # annotations are for type checkers
            "binding": True,  # functions that `inspect` can read
            "nonecheck": True,  # None has no attributes here either
        },
    ),
)
"""


class CannotCompile(Exception):
    """The reason."""


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def dependencies(self) -> list[str]:
        return [] if self.target_name != "wheel" or _reason_against() else REQUIREMENTS

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        editable = version == "editable"
        root = Path(self.root)
        reason = _reason_against()
        if editable and not _is_set("LWTSYNTAX_COMPILE"):
            reason = reason or "an editable installation, and LWTSYNTAX_COMPILE is not set"
        if reason is None:
            self._work = tempfile.TemporaryDirectory()
            try:
                built = build(root, Path(self._work.name))
            except (CannotCompile, OSError) as error:
                reason = str(error)
        if reason is not None:
            self.app.display_warning(f"lwtsyntax: the runtime stays pure Python: {reason}")
            return
        self.app.display_info("lwtsyntax: the core of the runtime is compiled")
        if editable:
            (root / COMPILED).mkdir(exist_ok=True)
            for path in built:  # replaced, not written over: they may be in use
                shutil.copy(path, root / COMPILED / f"{path.name}.new")
                os.replace(root / COMPILED / f"{path.name}.new", root / COMPILED / path.name)
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        for path in built:
            build_data["force_include"][str(path)] = (COMPILED / path.name).as_posix()


def _is_set(name: str) -> bool:
    return os.environ.get(name, "0") not in ("", "0")


def _reason_against() -> str | None:
    """Why compiling need not be tried."""
    if _is_set("LWTSYNTAX_PURE_PYTHON"):
        return "LWTSYNTAX_PURE_PYTHON is set"
    if sys.implementation.name != "cpython":
        return f"{sys.implementation.name} runs Python faster than C extensions"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "Python.h is missing (Debian and Ubuntu have it in the package python3-dev)"
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cl").split()[0]
    if sys.platform != "win32" and shutil.which(compiler) is None:
        return f"there is no C compiler ({compiler})"
    return None


def build(root: Path, work: Path) -> list[Path]:
    """Compile the hot modules of the tree `root` in the folder `work`: the extension modules, and a list of
    the sources they are made from, by which they are known to fit."""
    missing = [name for name in ("Cython", "setuptools") if find_spec(name) is None]
    if missing:
        raise CannotCompile(f"{' and '.join(missing)} cannot be imported")
    target = work / PACKAGE
    target.mkdir(parents=True)
    (work / "lwtsyntax/__init__.py").touch()
    (target / "__init__.py").touch()
    hashes = []
    for declarations in sorted((root / PACKAGE).glob("*.pxd")):
        source = declarations.with_suffix(".py").read_bytes()
        hashes.append(f"{source_hash(source).hex()} {declarations.stem}\n")
        text = prepared(
            source.decode().replace("\r\n", "\n"), declarations.read_text(encoding="utf-8")
        )
        (target / f"{declarations.stem}.py").write_text(text, encoding="utf-8")
        shutil.copy(declarations, target)
    (work / "setup.py").write_text(SETUP, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace", "--parallel", "2"],
        cwd=work,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    built = [target / f"{each.split()[1]}{suffix}" for each in hashes]
    if done.returncode or not all(path.is_file() for path in built):
        raise CannotCompile(f"it does not compile\n{done.stdout}")
    names = target / f"sources{suffix}.txt"
    names.write_text("".join(hashes), encoding="utf-8")
    return [*built, names]


def _decorated(text: str, declarations: str) -> str:
    """Cython 3.3 overlooks decorators of a declared class: they stand in the place of the source's."""
    text = text.replace("import annotations\n", "import annotations; import cython\n")
    for decorators, name in re.findall(
        r"((?:^@.*\n)+)cdef class (\w+)", declarations, flags=re.MULTILINE
    ):
        lines = decorators.replace("@cython.final\n", "") + "@cython.cclass\n"
        above = rf"^(?:\n|@final\n){{{lines.count(chr(10))}}}class {name}\b"
        text, found = re.subn(above, f"{lines}class {name}", text, flags=re.MULTILINE)
        if found != 1:
            raise CannotCompile(f"no room for the decorators of {name}")
    return text.replace("@final\n", "\n")


def prepared(source: str, declarations: str) -> str:
    """The text of a module for Cython: with its lines where they are, what only Python knows is put otherwise."""
    # An extension class has no Python class above it.  What Generic is there for when the program runs:
    text = re.sub(
        r"^(class \w+)\(Generic\[T\]\):(.*?)^    __slots__",
        r"\1:\2    __class_getitem__ = classmethod(__import__('types').GenericAlias); __slots__",
        source,
        flags=re.MULTILINE | re.DOTALL,
    )
    text = _decorated(text, declarations)
    text = text.replace("from sys import exception\n", "\n")  # a C function, in promise.pxd
    text = re.sub(r"\bPromise\(\)", "Promise.__new__(Promise)", text)  # without a call of __init__
    # The interpreter looks for signals in each round of a loop: a KeyboardInterrupt ends loops over C functions too.
    text = re.sub(
        r"^( +)(result = body\(|p = _dequeue\()", r"\1check_signals(); \2", text, flags=re.MULTILINE
    )
    # C variables are not attributes of the module; C functions have forgotten what they return.
    lines = re.findall(r"^cdef (?!class|extern)\w+ ([\w, ]+)$", declarations, flags=re.MULTILINE)
    names = [name for line in lines for name in line.split(", ")]
    text += f"\nglobals().update({', '.join(f'{name}={name}' for name in names)})\n"
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and re.search(
            rf"^cpdef .*\b{node.name}\(", declarations, re.MULTILINE
        ):
            returns = ast.unparse(node.returns) if node.returns else "None"
            text += f"{node.name}.__annotations__['return'] = {returns!r}\n"
    return text
