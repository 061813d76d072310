"""The markers of a program that was not rewritten: it imports, and says what to do when it runs."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import Any

import pytest

import lwtsyntax
from lwtsyntax import markers
from lwtsyntax.markers import FORMS, NotTransformed
from lwtsyntax.pipeline import transform


def test_every_form_is_a_marker_and_is_public() -> None:
    names = [form.name for form in FORMS]
    assert len(set(names)) == len(names)
    for name in names:
        assert name in markers.__all__
        assert getattr(lwtsyntax, name) is getattr(markers, name)


def test_every_form_is_spelled_with_its_name() -> None:
    for form in FORMS:
        assert form.name in form.spelling
        assert form.meaning
        assert not form.keyword or form.name in form.keyword


@pytest.mark.parametrize(
    ("marker", "arguments"),
    [
        ("lwt", ()),
        ("lwt", (1,)),
        ("lwt", (1, 2)),
        ("for_lwt", ([],)),
        ("while_lwt", (True,)),
        ("match_lwt", (1,)),
        ("with_lwt", (None,)),
        ("exception", (KeyError(),)),
    ],
)
def test_calling_a_marker_says_how_to_transform(marker: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(NotTransformed, match="lwtsyntax run FILE.*lwtsyntax transform") as caught:
        getattr(markers, marker)(*arguments)
    assert marker in str(caught.value)


def test_exception_arm_says_how_to_transform() -> None:
    with pytest.raises(NotTransformed, match="case exception"):
        match KeyError():
            case markers.exception():
                pass


@pytest.mark.parametrize("marker", [markers.lwt, markers.lwt_stream])
def test_decorated_function_can_be_defined_and_not_called(marker: Any) -> None:
    def thread(x: int) -> int:
        """What it does."""
        return x

    decorated = marker(thread)
    assert (decorated.__name__, decorated.__doc__) == ("thread", "What it does.")
    with pytest.raises(NotTransformed, match="def thread"):
        decorated(1)


def test_not_transformed_is_a_runtime_error() -> None:
    assert issubclass(NotTransformed, RuntimeError)


def test_importing_the_markers_imports_nothing_of_ours() -> None:
    program = (
        "import sys; from lwtsyntax import lwt, exception\n"
        "print([name for name in sys.modules if name.startswith(('lwtsyntax', 'libcst', 'black'))])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "['lwtsyntax', 'lwtsyntax.markers']"


def test_the_import_stands_after_the_docstring_and_the_future() -> None:
    source = (
        '"""Text."""\n\nfrom __future__ import annotations\n\nif True:\n'
        "    from lwtsyntax import lwt\n\n\n@lwt\ndef main():\n    return lwt(get(1))\n"
    )
    output = transform(source).text
    assert output is not None
    tree = ast.parse(output)
    assert ast.get_docstring(tree) == "Text."
    _, future, runtime, *_ = tree.body
    assert ast.unparse(future) == "from __future__ import annotations"
    assert ast.unparse(runtime) == "from lwtsyntax import runtime as Lwt"
