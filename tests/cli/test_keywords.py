"""Files in keyword spelling on the command line: lowered, run, written beside, and to the other spelling."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_support import LOWERED_LINE, MARKED, PLAIN, write
from conftest import Invoke, Subprocess

KEYWORDS = "def f(g):\n    lwt x = g()\n    return x + 1\n"
REFUSED = "x = 1\n\nfor_lwt y in x:\n    pass\n"
BACK = "from lwtsyntax import lwt\n\n\n@lwt\ndef f(g):\n    x = lwt(g())\n    return x + 1\n"
SIGNED = "# written by lwtsyntax from a.lwt\n"
PROGRAM = """\
import sys
from lwtsyntax import runtime as Lwt

def double(n):
    lwt Lwt.pause()
    if_lwt Lwt.return_(n > 9): raise_lwt KeyError(n)
    return 2 * n

lwt result = double(int(sys.argv[1]))
print("doubled", result)
"""


def test_a_file_is_lowered(invoke: Invoke) -> None:
    write(Path("a.lwt"), KEYWORDS)
    result = invoke("transform", "a.lwt")
    assert result.exit_code == 0
    assert LOWERED_LINE in result.stdout_bytes
    markers = invoke("transform", "-", stdin=BACK.encode())
    assert result.stdout_bytes == markers.stdout_bytes


def test_standard_input_is_read_by_the_name_it_is_given(invoke: Invoke) -> None:
    result = invoke("transform", "-", "--stdin-filename", "x.lwt", stdin=KEYWORDS.encode())
    assert LOWERED_LINE in result.stdout_bytes
    result = invoke("transform", "-", stdin=KEYWORDS.encode())
    assert result.stdout_bytes == KEYWORDS.encode()  # no word of the package: not ours to judge


def test_a_program_on_standard_input_is_read_by_the_name_it_is_given(command: Subprocess) -> None:
    done = command("run", "--stdin-filename", "app/x.lwt", "-", "4", input=PROGRAM.encode())
    assert (done.stdout, done.stderr) == (b"doubled 8\n", b"")
    done = command("run", "--stdin-filename", "app/x.lwt", "-", "10", input=PROGRAM.encode())
    trace = done.stderr.decode().splitlines()
    assert trace[1:3] == [
        '  File "app/x.lwt", line 9, in <module>',
        "    lwt result = double(int(sys.argv[1]))",
    ]
    assert trace[-1] == "KeyError: 10"
    refused = command("run", "--stdin-filename", "app/x.lwt", "-", input=REFUSED.encode())
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.startswith(b"app/x.lwt:3:1: LWT010 ")


def test_a_refusal_names_the_place_in_the_file(invoke: Invoke) -> None:
    write(Path("a.lwt"), REFUSED)
    result = invoke("transform", "a.lwt", "--error-format", "json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stderr)
    assert (found["code"], found["line"], found["column"]) == ("LWT010", 3, 1)


def test_newline_style_and_byte_order_mark_are_kept(invoke: Invoke) -> None:
    write(Path("a.lwt"), b"\xef\xbb\xbf" + KEYWORDS.encode().replace(b"\n", b"\r\n"))
    for to in ("binds", "markers", "async"):
        output = invoke("transform", "--to", to, "a.lwt").stdout_bytes
        assert output.startswith(b"\xef\xbb\xbf")
        assert output.count(b"\n") == output.count(b"\r\n") > 2


def test_a_tree_is_mirrored_with_python_names(invoke: Invoke) -> None:
    write(Path("app/a.lwt"), KEYWORDS)
    write(Path("app/b.py"), PLAIN)
    result = invoke("transform", "app", "-o", "out")
    assert result.exit_code == 0, result.output
    assert sorted(map(str, Path("out").iterdir())) == ["out/a.py", "out/b.py"]
    assert LOWERED_LINE in Path("out/a.py").read_bytes()
    assert invoke("transform", "app", "-o", "out", "--check").exit_code == 0
    write(Path("app/a.lwt"), KEYWORDS.replace("1", "2"))
    assert invoke("transform", "app", "-o", "out", "--check").exit_code == 1


def test_two_sources_of_one_output_are_refused(invoke: Invoke) -> None:
    write(Path("app/a.lwt"), KEYWORDS)
    write(Path("app/a.py"), PLAIN)
    result = invoke("transform", "app", "-o", "out")
    assert result.exit_code == 2
    assert "would both be written to out/a.py" in result.output
    assert not Path("out").exists()


# -- --write --------------------------------------------------------------------------------------


def test_write_puts_the_output_beside_its_source(invoke: Invoke) -> None:
    write(Path("app/a.lwt"), KEYWORDS)
    write(Path("app/deep/a.lwt"), "x = 1")
    write(Path("app/b.py"), PLAIN)
    assert invoke("transform", "--write", "app").exit_code == 0
    assert Path("app/a.py").read_text().endswith(f"Lwt.failed(error)\n{SIGNED}")
    assert Path("app/deep/a.py").read_text() == f"x = 1\n{SIGNED}"
    assert Path("app/b.py").read_text() == PLAIN
    write(Path("app/a.lwt"), KEYWORDS.replace("1", "2"))
    assert invoke("transform", "--write", "--check", "app").exit_code == 1
    assert invoke("transform", "--write", "app").exit_code == 0
    assert "+ 2" in Path("app/a.py").read_text()
    assert invoke("transform", "--write", "--check", "app").exit_code == 0


@pytest.mark.parametrize(
    "theirs", [PLAIN, "", SIGNED + "x = 1\n", SIGNED.replace("a.lwt", "b.lwt")]
)
def test_write_never_touches_what_it_did_not_write(invoke: Invoke, theirs: str) -> None:
    write(Path("a.lwt"), KEYWORDS)
    write(Path("b.lwt"), KEYWORDS)
    write(Path("a.py"), theirs)
    for options in ((), ("--check",), ("--diff",)):
        result = invoke("transform", "--write", ".", *options)
        assert result.exit_code == 1
        assert "a.py stands there, and was not written from a.lwt" in result.stderr
        assert Path("a.py").read_text() == theirs
        assert Path("b.py").exists() == (True if options == () else Path("b.py").exists())
    assert invoke("transform", "--write", "b.lwt").exit_code == 0


def test_write_keeps_what_an_earlier_run_wrote_where_the_source_is_refused(invoke: Invoke) -> None:
    write(Path("a.lwt"), KEYWORDS)
    invoke("transform", "--write", "a.lwt")
    written = Path("a.py").read_text()
    write(Path("a.lwt"), REFUSED)
    result = invoke("transform", "--write", "a.lwt")
    assert result.exit_code == 1
    assert "a.py is left from an earlier run" in result.stderr
    assert Path("a.py").read_text() == written


def test_what_was_written_beside_is_no_source(invoke: Invoke) -> None:
    write(Path("app/a.lwt"), KEYWORDS)
    invoke("transform", "--write", "--source-map", "app")
    assert Path("app/a.py").read_text().endswith(f"{SIGNED}# sourceMappingURL=a.py.map\n")
    assert invoke("transform", "--write", "--source-map", "app").exit_code == 0
    assert invoke("transform", "app", "-o", "out").exit_code == 0
    assert SIGNED not in Path("out/a.py").read_text()


def test_write_is_for_keyword_files(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    assert invoke("transform", "--write", "a.py").exit_code == 2
    assert invoke("transform", "--write", "a.py", "-o", "b.py").exit_code == 2
    write(Path("a.lwt"), KEYWORDS)
    assert invoke("transform", "--write", "--to", "keywords", "a.lwt").exit_code == 2
    assert Path("a.py").read_text() == MARKED


# -- the other spelling ---------------------------------------------------------------------------


def test_to_markers_and_back(invoke: Invoke) -> None:
    write(Path("a.lwt"), KEYWORDS)
    assert invoke("transform", "--to", "markers", "a.lwt", "-o", "b.py").exit_code == 0
    assert Path("b.py").read_text() == BACK
    assert invoke("transform", "--to", "keywords", "b.py", "-o", "b.lwt").exit_code == 0
    assert Path("b.lwt").read_text() == KEYWORDS


def test_a_tree_in_the_other_spelling(invoke: Invoke) -> None:
    write(Path("app/a.py"), MARKED)
    write(Path("app/b.py"), PLAIN)
    write(Path("app/c.py"), "import lwtsyntax\nlwtsyntax.install()\n")
    write(Path("app/d.lwt"), KEYWORDS)
    write(Path("app/data.txt"), "lwt x = e")
    assert invoke("transform", "--to", "keywords", "app", "-o", "out").exit_code == 0
    assert sorted(each.name for each in Path("out").iterdir()) == [
        "a.lwt",
        "b.py",
        "c.py",
        "d.lwt",
        "data.txt",
    ]
    assert Path("out/a.lwt").read_text() == KEYWORDS
    assert invoke("transform", "--to", "markers", "out", "-o", "back").exit_code == 0
    assert Path("back/a.py").read_text() == BACK
    assert Path("back/b.py").read_text() == PLAIN


def test_markers_are_written_beside_too(invoke: Invoke) -> None:
    write(Path("a.lwt"), KEYWORDS)
    assert invoke("transform", "--to", "markers", "--write", "a.lwt").exit_code == 0
    assert Path("a.py").read_text() == BACK + SIGNED


def test_options_that_make_no_sense_there(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    for options in (["--source-map", "-o", "a.lwt"], ["--show-passes"], ["--write"]):
        assert invoke("transform", "--to", "keywords", "a.py", *options).exit_code == 2


# -- run ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["binds", "fiber"])
def test_a_program_runs(command: Subprocess, tmp_path: Path, engine: str) -> None:
    if engine == "fiber":
        pytest.importorskip("greenlet")
    write(tmp_path / "a.lwt", PROGRAM)
    done = command("run", "--engine", engine, "a.lwt", "4")
    assert done.stdout == b"doubled 8\n", done.stderr
    done = command("run", "--engine", engine, "a.lwt", "10")
    shown = done.stderr.decode()
    assert done.returncode == 1
    assert 'a.lwt", line 9, in <module>\n    lwt result = double(int(sys.argv[1]))' in shown
    assert (
        'a.lwt", line 6, in double\n    if_lwt Lwt.return_(n > 9): raise_lwt KeyError(n)' in shown
    )
    assert shown.endswith("KeyError: 10\n")


def test_a_module_runs_and_imports_others(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "app/__init__.lwt", "from app.work import double\n")
    write(tmp_path / "app/work.lwt", PROGRAM.partition("lwt result")[0])
    write(
        tmp_path / "app/__main__.lwt",
        "from app import double\nlwt x = double(1) and y = double(2)\nprint(x, y, __name__)\n",
    )
    done = command("run", "-m", "app")
    assert done.stdout == b"2 4 __main__\n", done.stderr


CHILDREN = """\
import multiprocessing
from lwtsyntax import runtime as Lwt

def double(n):
    lwt Lwt.pause()
    return 2 * n

def work(n):
    return Lwt.run(double(n))

if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(work, [1, 2]))
"""


def test_spawned_children_have_the_main_module(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "a.lwt", CHILDREN)
    done = command("run", "a.lwt")
    assert done.stdout == b"[2, 4]\n", done.stderr


def test_a_program_that_is_refused_does_not_run(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "a.lwt", f"print('ran')\n{REFUSED}")
    done = command("run", "a.lwt")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"a.lwt:4:1: LWT010 for_lwt outside a thread function")


def test_warnings_of_the_interpreter_tell_the_line_of_the_file(
    command: Subprocess, tmp_path: Path
) -> None:
    write(tmp_path / "a.lwt", "def f(x):\n    lwt x\n\n\ny = 3\ny is 3\n")
    done = command("run", "a.lwt")
    assert done.returncode == 0
    lines = [line for line in done.stderr.decode().splitlines() if "Warning" in line]
    assert [line.partition("a.lwt:")[2].partition(":")[0] for line in lines] == ["6"]
