"""Methods of every kind, a protocol, a generic class, super()."""

from typing import Generic, Protocol, TypeVar

from lwtsyntax import lwt
from lwtsyntax.runtime import Promise

T = TypeVar("T")


class Reader(Protocol):
    def read(self, size: int) -> Promise[bytes]: ...


class File:
    @lwt
    def read(self, size: int) -> bytes:
        return b"x" * size

    @staticmethod
    @lwt
    def exists(path: str) -> bool:
        return bool(path)

    @classmethod
    @lwt
    def open(cls, path: str) -> "File":
        lwt(cls.exists(path))
        return cls()

    @property
    @lwt
    def size(self) -> int:
        return len(lwt(self.read(1)))


class Loud(File):
    @lwt
    def read(self, size: int) -> bytes:
        data = lwt(super().read(size))
        reveal_type(data)  # reveal: bytes
        return data.upper()


class Cell(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value

    @lwt
    def get(self) -> T:
        return self.value


@lwt
def head(reader: Reader) -> bytes:
    return lwt(reader.read(1))


@lwt
def main() -> None:
    reveal_type(lwt(File.open("a")))  # reveal: File
    reveal_type(lwt(File.exists("a")))  # reveal: bool
    reveal_type(lwt(File().size))  # reveal: int
    reveal_type(lwt(File().read(3)))  # reveal: bytes
    reveal_type(lwt(Cell("a").get()))  # reveal: str
    reveal_type(lwt(head(Loud())))  # reveal: bytes
    File().read("a")  # error
    head(Cell(1))  # error
    File().size + 1  # error
