"""lwt(a, b, ...): one value for each promise."""

from lwtsyntax import lwt
from lwtsyntax.runtime import Promise


@lwt
def number() -> int:
    return 1


@lwt
def word() -> str:
    return ""


@lwt
def main(many: list[Promise[int]]) -> None:
    n, w = lwt(number(), word())
    reveal_type(n)  # reveal: int
    reveal_type(w)  # reveal: str
    reveal_type(lwt(number(), word(), number()))  # reveal: tuple[int, str, int]
    five = lwt(number(), word(), number(), word(), number())
    reveal_type(five)  # reveal: tuple[int, str, int, str, int]
    six = lwt(number(), number(), number(), number(), number(), number())
    reveal_type(six)  # reveal: tuple[int, ...]
    a, b, c = lwt(number(), word())  # error
    lwt(number(), 3)  # error
