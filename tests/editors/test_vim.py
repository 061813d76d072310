"""vim's files for ``.lwt``: colours, indentation and ``%``, in a vim without a user's settings."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import groupby
from pathlib import Path

import pytest

from editors.samples import KEYWORD_SAMPLES, ROOT, SAMPLES, Word, keywords, word

VIM = shutil.which("vim")
CONTRIB = ROOT / "contrib/vim"
pytestmark = pytest.mark.skipif(VIM is None, reason="there is no vim here")

SETUP = f"""\
set runtimepath^={CONTRIB} runtimepath+={CONTRIB}/after
packadd matchit
filetype plugin indent on
syntax on
"""


def vim(folder: Path, script: str, name: str, text: str) -> object:
    """What *script* leaves in ``g:answer``, of a file with that name and text."""
    file, command, answer = folder / name, folder / "script.vim", folder / "answer.json"
    file.write_text(text)
    last = f"call writefile([json_encode(g:answer)], '{answer}')\nqall!\n"
    command.write_text(f"{SETUP}edit {file}\n{script}\n{last}")
    assert VIM is not None
    done = subprocess.run(
        [VIM, "-N", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", str(command)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert answer.exists(), done.stdout + done.stderr
    return json.loads(answer.read_text())


# -- colours ---------------------------------------------------------------------------------------

NAMES = """\
let g:answer = []
for s:line in range(1, line('$'))
  let s:columns = range(1, col([s:line, '$']) - 1)
  call add(g:answer, map(s:columns, 'synIDattr(synID(s:line, v:val, 1), "name")'))
endfor
"""


def coloured(folder: Path, sample: Path) -> list[tuple[str, Word]]:
    """The words in groups of ours, each with its group."""
    text = sample.read_text()
    names = vim(folder, NAMES, sample.name, text)
    assert isinstance(names, list)
    found = []
    for line, columns in enumerate(names, 1):
        for name, group in groupby(enumerate(columns), key=lambda each: each[1]):
            places = [column for column, _ in group]
            if name.startswith("lwt"):
                found.append((name, word(text, line, places[0], places[-1] + 1)))
    return found


@pytest.mark.parametrize("sample", KEYWORD_SAMPLES, ids=lambda path: path.name)
def test_keywords_have_a_colour_where_the_transformer_finds_them(
    sample: Path, tmp_path: Path
) -> None:
    found = coloured(tmp_path, sample)
    assert [each for group, each in found if group != "lwtMarker"] == keywords(sample)


def test_markers_have_a_colour(tmp_path: Path) -> None:
    found = [each for _, each in coloured(tmp_path, SAMPLES / "markers.py")]
    lines = (SAMPLES / "markers.py").read_text().splitlines()
    last = next(number for number, line in enumerate(lines, 1) if "not_forms" in line)
    assert found
    assert all(each.line < last for each in found)
    assert {each.text for each in found} == {
        "lwt", "lwt_stream", "for_lwt", "while_lwt", "match_lwt", "with_lwt", "exception",
    }  # fmt: skip


# -- indentation -----------------------------------------------------------------------------------

TYPED = """\
execute "normal! Go" . {text}
let g:answer = indent('$')
"""

# what stands there, what is typed on the next line, and the indentation that it gets
LINES = [
    ("for_lwt x in xs:", "f(x)", 4),
    ("try_lwt:", "f(x)", 4),
    ("match_lwt e:", "case 3:", 4),
    ("match_lwt e:\n    case exception P:", "f(x)", 8),
    ("if_lwt c:  # comment", "f(x)", 4),
    ("if x:\n    lwt y = e", "f(y)", 4),
    ("def f():\n    return_lwt e", "g()", 0),
    ("def f():\n    if x:\n        raise_lwt E", "g()", 4),
    ("if_lwt c:\n    f()", "elif_lwt d:", 0),
    ("if_lwt c:\n    f()", "else:", 0),
    ("if_lwt c:\n    f()", "elif d:", 0),
    ("if c:\n    f()", "elif_lwt d:", 0),
    ("def f():\n    if_lwt c:\n        return_lwt x", "elif_lwt d:", 4),
    ("def f():\n    if_lwt c:\n        return x", "elif_lwt d:", 4),
    ("def f():\n    if_lwt c: return_lwt x", "elif_lwt d:", 4),
    ("def f():\n    if_lwt c: g(x)", "else:", 4),
    ("def f():\n    for_lwt x in xs:\n        g(x)", "else:", 4),
    ("def f():\n    try_lwt:\n        g(x)", "except E:", 4),
    ("def f():\n    try_lwt:\n        return_lwt x", "except E:", 4),
    ("def f():\n    try_lwt:\n        g(x)\n    except E:\n        h(x)", "finally:", 4),
    ("try:\n    try_lwt:\n        g(x)", "except E:", 4),
    ("try:\n    g(x)", "except E:", 0),
    ("lwt x = f(\n    3,", "4)", 4),
    ("if c:\n    lwt x = f(3,\n              4)", "g(x)", 4),
    ("while x:\n    break", "f(x)", 0),
]


@pytest.mark.parametrize(
    ("before", "typed", "indent"), LINES, ids=[f"{before} / {typed}" for before, typed, _ in LINES]
)
def test_indentation(before: str, typed: str, indent: int, tmp_path: Path) -> None:
    script = TYPED.format(text=json.dumps(typed))
    assert vim(tmp_path, script, "f.lwt", f"{before}\n") == indent


# -- % ---------------------------------------------------------------------------------------------

PROGRAM = """\
def f(x):
    if_lwt get(x):
        if x:
            pass
        g(x)

    elif_lwt get(x + 1):
        if_lwt c: pass
        else: pass
    elif x:
        pass
    else:
        pass
    try_lwt:
        for_lwt y in x:
            pass
        else:
            pass
    except A:
        pass
    finally:
        pass
    match_lwt x:
        case exception A():
            pass
        case _:
            pass
    if_lwt x:
        pass
"""
# the line where the cursor is, and those that % goes to
JUMPS = {2: [7, 10, 12, 2], 8: [9, 8], 14: [19, 21, 14], 15: [17, 15], 28: [28]}


@pytest.mark.parametrize("line", JUMPS)
def test_percent_goes_round_the_clauses_of_a_statement(line: int, tmp_path: Path) -> None:
    script = f"call cursor({line}, 1)\nnormal! ^\nlet g:answer = []\n" + (
        "normal %\ncall add(g:answer, line('.'))\n" * len(JUMPS[line])
    )
    assert vim(tmp_path, script, "f.lwt", PROGRAM) == JUMPS[line]


def test_a_program_keeps_its_indentation(tmp_path: Path) -> None:
    script = "silent normal! gg=G\nlet g:answer = getline(1, '$')"
    assert vim(tmp_path, script, "f.lwt", PROGRAM) == PROGRAM.splitlines()


def test_files_are_known_by_their_name(tmp_path: Path) -> None:
    script = "let g:answer = [&filetype, &commentstring, &shiftwidth]"
    assert vim(tmp_path, script, "f.lwt", "") == ["lwt", "# %s", 4]
