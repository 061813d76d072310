"""What ``python -O`` leaves out of a program, it leaves out of the lowered one."""

from __future__ import annotations

from typing import Any

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.pipeline import transform

SOURCE = """
from lwtsyntax import lwt

@lwt
def main():
    assert lwt(get(False)), lwt(get("message"))
    return asked
"""


@pytest.mark.parametrize("optimize", [0, 1])
def test_assert_that_waits(optimize: int) -> None:
    asked: list[object] = []

    def get(value: object) -> Lwt.Promise[object]:
        asked.append(value)
        return Lwt.return_(value)

    output = transform(SOURCE).text
    assert output is not None
    names: dict[str, Any] = {"asked": asked, "get": get}
    exec(compile(output, "program.py", "exec", optimize=optimize), names)  # noqa: S102
    if optimize:
        assert Lwt.run(names["main"]()) == []
    else:
        with pytest.raises(AssertionError, match="message"):
            Lwt.run(names["main"]())
        assert asked == [False, "message"]
