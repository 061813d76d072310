"""Places of an older text in the present one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lwtsyntax_lsp.shift import Edit, Shift

_TEXT = st.text("ab\n", max_size=20)


def shift(*texts: str) -> Shift:
    return Shift(len(texts[0]), [Edit.between(old, new) for old, new in pairwise(texts)])


def test_what_stands_behind_the_edit_has_moved() -> None:
    found = shift("one two three", "one 2 three")
    assert [found.forward(offset) for offset in (0, 4, 5, 7, 13)] == [0, 4, None, 5, 11]
    assert [found.back(offset) for offset in (0, 4, 5, 11)] == [0, 4, 7, 13]


def test_what_stands_between_edits_has_its_place() -> None:
    found = shift("one two three", "1 two three", "1 two 3", "1, two 3")
    start = "one ".index(" ")
    assert found.forward(start + 1) == len("1, ")
    assert found.back(len("1, two")) == len("one two")
    assert found.forward(1) is None
    assert found.forward(9) is None


def test_what_is_new_belongs_where_it_was_put_in() -> None:
    found = shift("one three", "one two three", "zero one two three")
    assert [found.back_to_kept(offset) for offset in (0, 3, 5, 6, 10, 11, 18)] == [
        0,
        0,
        0,
        1,
        5,
        5,
        9,
    ]
    assert shift("abc", "xyz").back_to_kept(2) == 0


def test_two_places_at_once_are_one_edit() -> None:
    found = shift("a(b(c(d", "A(b(C(d")
    assert [found.forward(offset) for offset in (0, 1, 4, 5)] == [None, None, None, 5]


@given(st.lists(_TEXT, min_size=2, max_size=5), _TEXT, _TEXT)
def test_what_has_a_place_is_what_it_was(middles: list[str], head: str, tail: str) -> None:
    texts = [head + middle + tail for middle in middles]
    found = shift(*texts)
    before, after = texts[0], texts[-1]
    for start in range(len(before)):
        for end in range(start + 1, len(before) + 1):
            moved = found.stretch(start, end)
            if moved is not None:
                assert before[start:end] == after[slice(*moved)]
    for offset in range(len(head)):
        assert found.stretch(offset, offset + 1) == (offset, offset + 1)


@given(_TEXT)
def test_a_text_that_has_not_changed_has_all_places(text: str) -> None:
    found = Shift(len(text), [])
    assert [found.forward(n) for n in range(len(text) + 1)] == list(range(len(text) + 1))
