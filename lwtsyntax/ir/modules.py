"""Where the modules are that a file names, found without importing anything; and what was asked for that.

``importlib`` says where a module is, one component of its name after the other, so that no package on
the way runs: beside the file's own outermost package first, then on ``sys.path``.  Every answer is kept
as a *fact*: a result that rests on such answers holds as long as they do (:class:`Facts`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

__all__ = ["PACKAGE", "Fact", "Facts", "Module", "Search"]

PACKAGE = Path(__file__).absolute().parents[1]

# A kind of question, what was asked, and the answer; plain values only.
Fact = tuple[str, tuple[str, ...], str | bool | tuple[str | None, tuple[str, ...]] | None]


@dataclass(frozen=True, slots=True)
class Module:
    """Where a module is: its file, and the folders of its submodules when it is a package."""

    path: Path | None
    folders: tuple[str, ...] = ()


class Search:
    """The modules that one file, and what it imports, can name; ``facts`` are the answers so far."""

    def __init__(self, filename: str) -> None:
        self.facts: list[Fact] = []
        self._known: dict[tuple[str, tuple[str, ...]], Module | None] = {}
        self._filename = None if filename.startswith("<") else filename
        self._root: str | None = None

    def top(self, name: str) -> Module | None:
        """The module that ``import name`` finds."""
        if name == PACKAGE.name:
            return Module(None, (str(PACKAGE),))
        if name in sys.stdlib_module_names or self._filename is None:
            return None  # nothing in the standard library starts a thread of ours
        if self._root is None:
            self._root = _root(self._filename)
            self.facts.append(("root", (self._filename,), self._root))
        return self._find(name, (self._root, _PATH))

    def package(self, filename: str, level: int) -> Module:
        """The package that *level* leading dots mean in the file *filename*."""
        folder = Path(filename).absolute().parent
        for _ in range(level - 1):
            folder = folder.parent
        for name in _INITS:
            init = folder / name
            exists = init.is_file()
            self.facts.append(("file", (str(init),), exists))
            if exists:
                return Module(init, (str(folder),))
        return Module(None, (str(folder),))

    def submodule(self, module: Module, name: str) -> Module | None:
        return self._find(name, module.folders) if module.folders else None

    def _find(self, name: str, folders: tuple[str, ...]) -> Module | None:
        key = name, folders
        if key not in self._known:
            found = self._known[key] = _find(name, folders)
            if folders != (str(PACKAGE),):
                self.facts.append(("find", (name, *folders), _told(found)))
        return self._known[key]

    def contents(self, path: Path) -> bytes | None:
        """What stands in the file at *path*; None where it cannot be read."""
        try:
            data = path.read_bytes()
        except OSError:
            data = None
        if not path.is_relative_to(PACKAGE):
            told = None if data is None else sha256(data).hexdigest()
            self.facts.append(("contents", (str(path),), told))
        return data


class Facts:
    """Asks again, each question once: do facts still hold?"""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, tuple[str, ...]], object] = {}

    def hold(self, facts: Iterable[Sequence[Any]]) -> bool:
        """Whether all of *facts* do, which may be lists for tuples."""
        return all(self._answer(kind, tuple(asked)) == _frozen(a) for kind, asked, a in facts)

    def _answer(self, kind: str, asked: tuple[str, ...]) -> object:
        key = kind, asked
        if key not in self._answers:
            self._answers[key] = _QUESTIONS[kind](*asked)
        return self._answers[key]


_PATH = "*"  # stands for sys.path
_KEYWORDS = ".lwt"  # modules in keyword spelling stand before others in the same folder
_INITS = (f"__init__{_KEYWORDS}", "__init__.py")


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _find(name: str, folders: Sequence[str]) -> Module | None:
    path = [each for folder in folders for each in (sys.path if folder == _PATH else [folder])]
    try:
        spec = PathFinder.find_spec(name, path)
    except (ImportError, OSError, ValueError):
        return None
    origin = Path(spec.origin) if spec is not None and spec.has_location and spec.origin else None
    keywords = _find_keywords(name, path, origin)
    if keywords is not None or spec is None:
        return keywords
    if origin is not None and origin.suffix != ".py":
        return None
    return Module(origin, tuple(spec.submodule_search_locations or ()))


def _find_keywords(name: str, path: Sequence[str], other: Path | None) -> Module | None:
    """The ``.lwt`` module of that name, unless the path comes to the file *other* first."""
    for entry in path:
        folder = Path(entry)
        package = folder / name
        if (package / _INITS[0]).is_file():
            return Module(package / _INITS[0], (str(package),))
        if other is not None and other.parent == package:
            return None
        if (folder / f"{name}{_KEYWORDS}").is_file():
            return Module(folder / f"{name}{_KEYWORDS}")
        if other is not None and other.parent == folder:
            return None
    return None


def _told(module: Module | None) -> tuple[str | None, tuple[str, ...]] | None:
    if module is None:
        return None
    return None if module.path is None else str(module.path), module.folders


def _root(filename: str) -> str:
    """The folder from which the outermost package around the file is imported."""
    folder = Path(filename).absolute().parent
    while any((folder / name).is_file() for name in _INITS) and folder.parent != folder:
        folder = folder.parent
    return str(folder)


def _contents(path: str) -> str | None:
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return None


_QUESTIONS: dict[str, Callable[..., object]] = {
    "root": _root,
    "file": lambda path: Path(path).is_file(),
    "find": lambda name, *folders: _told(_find(name, folders)),
    "contents": _contents,
}
