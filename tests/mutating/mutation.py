"""One mutation: a rule, broken by an edit of one place in the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Mutation"]


@dataclass(frozen=True)
class Mutation:
    """In *file* of the package, *new* in place of *old*.  *where* names what should notice: folders of
    fixtures (their programs must then do something else), or test files."""

    name: str
    file: str
    old: str
    new: str
    where: str

    def applied(self, text: str) -> str:
        """*text* of the file, mutated; the old text must stand there exactly once."""
        count = text.count(self.old)
        if count != 1:
            raise ValueError(f"{self.name}: the old text stands {count} times in {self.file}")
        return text.replace(self.old, self.new)

    def apply(self, package: Path) -> None:
        path = package / self.file
        path.write_text(self.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
