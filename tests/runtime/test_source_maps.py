"""An exception that is reported speaks of the source, if its code has a source map."""

import gc
import json
import re
import subprocess
import sys

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.pipeline import transform
from lwtsyntax.runtime import source_maps
from lwtsyntax.source_map import with_source_map

PROGRAM = """\
from lwtsyntax import lwt, for_lwt
from lwtsyntax import runtime as Lwt


@lwt
def leaf(n):
    lwt(give())
    # what goes wrong
    return ("é𝒳", 1 / n)


@lwt
def middle(n):
    for i in for_lwt(range(n, -1, -1)):
        x = lwt(leaf(i))
        if x:
            lwt(give())
        print("middle", n, end="")
    return n


@lwt
def main():
    x = lwt(middle(1))
    return x


@lwt
def depth(n):
    if n == 0:
        return lwt(leaf(n))
    x = lwt(depth(n - 1))
    return x + 1


@lwt
def wrapped():
    try:
        lwt(main())
    except ZeroDivisionError as error:
        raise RuntimeError from error


@lwt
def grouped():
    try:
        lwt(main())
    except ZeroDivisionError as error:
        raise ExceptionGroup("several", [error])
"""
NOTE = """\
Original lines (most recent call last):
  File "{file}", line 24, in main
    x = lwt(middle(1))
  File "{file}", line 15, in middle
    x = lwt(leaf(i))
  File "{file}", line 9, in leaf
    return ("é𝒳", 1 / n)"""


class Program:
    """An output in a file, and what it defines."""

    def __init__(self, folder, give, text=PROGRAM):
        self.source, self.file = folder / "prog.py", folder / "out.py"
        self.map = folder / "out.py.map"
        self.source.write_text(text, encoding="utf-8")
        result = transform(text, str(self.source))
        output, content = with_source_map(result, file="out.py", source="prog.py", url="out.py.map")
        self.file.write_text(output, encoding="utf-8")
        self.map.write_text(content, encoding="utf-8")
        self.names = {"give": give}
        exec(compile(output, str(self.file), "exec"), self.names)  # noqa: S102

    def fail(self, name, *arguments):
        try:
            Lwt.run(self.names[name](*arguments))
        except Exception as error:  # noqa: BLE001 - any failure
            return error
        raise AssertionError("nothing was raised")

    def notes(self, name, *arguments):
        return getattr(self.fail(name, *arguments), "__notes__", [])


@pytest.fixture(autouse=True)
def _fresh_maps(monkeypatch):
    monkeypatch.setattr(source_maps, "_maps", {})


@pytest.fixture
def program(tmp_path, give):
    return Program(tmp_path, give)


@pytest.fixture
def note(tmp_path):
    return NOTE.format(file=tmp_path.resolve() / "prog.py")


@pytest.fixture
def pending(tmp_path):
    return Program(tmp_path, Lwt.pause)


def test_an_exception_that_run_raises_has_the_original_lines(tmp_path, note):
    assert Program(tmp_path, Lwt.pause).notes("main") == [note]


def test_with_resolved_promises_each_function_has_one_entry(program):
    [text] = program.notes("main")
    lines = text.splitlines()
    assert lines[-1].strip() == 'return ("é𝒳", 1 / n)'
    assert [line.rpartition(" ")[2] for line in lines[1::2]].count("leaf") == 1


WAITS = """\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@lwt
def fail():
    lwt(Lwt.pause())
    raise KeyError


@lwt
def in_succession():
    lwt(Lwt.pause())
    x = lwt(fail())
    return x


@lwt
def in_the_return():
    x = lwt(Lwt.pause())
    return x, lwt(fail())


@lwt
def in_the_first():
    lwt(fail())
    lwt(Lwt.pause())
    return 1


@lwt
def in_try():
    try:
        lwt(fail())
    except OSError:
        return 1


@lwt
def in_try_behind_another():
    try:
        x = lwt(Lwt.pause())
        y = lwt(fail())
        return x, y
    except OSError:
        return 1


@lwt
def in_a_loop():
    for x in range(2):
        lwt(fail())
"""


@pytest.mark.parametrize("name", re.findall(r"def (in_\w+)", WAITS))
def test_of_the_waits_on_a_line_of_the_output_the_right_one_is_told(tmp_path, name):
    [text] = Program(tmp_path, None, WAITS).notes(name)
    function = WAITS[WAITS.index(f"def {name}()") :]
    wait = next(line for line in function.splitlines() if "fail()" in line)
    assert [line.strip() for line in text.splitlines()[2::2]] == [wait.strip(), "raise KeyError"]


def test_a_function_that_calls_itself_has_one_entry_per_call(pending):
    [text] = pending.notes("depth", 2)
    names = [line.rpartition(" ")[2] for line in text.splitlines()[1::2]]
    assert names == ["depth", "depth", "leaf"]


def test_a_deep_recursion_is_told_in_short(pending):
    [text] = pending.notes("depth", 2000)
    lines = text.splitlines()
    assert len(lines) < 15
    assert [line for line in lines if "[Previous line repeated" in line]
    assert lines[-1].strip() == 'return ("é𝒳", 1 / n)'


def test_once_per_exception(pending, note):
    error = pending.fail("main")
    with pytest.raises(ZeroDivisionError):
        Lwt.run(Lwt.fail(error))
    assert error.__notes__ == [note]


def test_other_notes_stay(pending, note):
    def give():
        error = ZeroDivisionError()
        error.add_note("mine")
        return Lwt.fail(error)

    pending.names["give"] = give
    mine, ours = pending.notes("main")
    assert mine == "mine"
    assert ours.startswith(source_maps.HEADLINE)


def test_causes_and_members_of_groups_have_notes_of_their_own(pending, note):
    lines = note.partition("\n")[2]  # behind the entry for the try
    error = pending.fail("wrapped")
    assert error.__cause__.__notes__[0].endswith(lines)
    assert "raise RuntimeError from error" in error.__notes__[0]
    error = pending.fail("grouped")
    assert error.exceptions[0].__notes__[0].endswith(lines)


def test_reports_of_dropped_rejections_have_the_note(pending, note, capsys):
    pending.names["main"]()
    Lwt.run(Lwt.for_each(range(9), lambda _: Lwt.pause()))
    gc.collect()
    assert note in capsys.readouterr().err


def test_the_async_hook_gets_the_note(pending, note):
    seen = []
    before = Lwt.set_async_exception_hook(seen.append)
    try:
        Lwt.async_(pending.names["main"])
        Lwt.run(Lwt.for_each(range(9), lambda _: Lwt.pause()))
    finally:
        Lwt.set_async_exception_hook(before)
    assert [error.__notes__ for error in seen] == [[note]]


def test_a_fatal_exception_has_the_note(pending):
    def give():
        return Lwt.map(Lwt.pause(), lambda _: (_ for _ in ()).throw(SystemExit(3)))

    pending.names["give"] = give
    with pytest.raises(SystemExit) as caught:
        Lwt.run(pending.names["main"]())
    assert "in leaf" in caught.value.__notes__[0]


def test_the_line_is_that_of_the_source_when_the_map_was_made(pending, note):
    pending.source.write_text("something else\n" * 30)
    assert pending.notes("main") == [note]
    source_maps._maps.clear()
    pending.source.unlink()
    assert pending.notes("main") == [note]


def test_without_its_text_in_the_map_the_source_is_read(pending, note):
    content = json.loads(pending.map.read_text(encoding="utf-8"))
    del content["sourcesContent"]
    pending.map.write_text(json.dumps(content))
    assert pending.notes("main") == [note]
    source_maps._maps.clear()
    pending.source.unlink()
    assert "line 9, in leaf" in pending.notes("main")[0]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{}",
        "\0",
        '{"version": 3}',
        '{"version": 3, "sources": ["a"], "mappings": 7}',
        '{"version": 3, "sources": ["a"], "mappings": "§"}',
        '{"version": 3, "sources": ["a"], "mappings": "D"}',
        '{"version": 3, "sources": ["a"], "mappings": "A,AAAAAA"}',
        '{"version": 3, "sources": [], "mappings": "%s"}' % ("AAAA;" * 99),
        '{"version": 3, "sources": ["a"], "sourcesContent": [7], "mappings": "%s"}'
        % ("AAAA;" * 99),
        '{"version": 3, "sources": ["a"], "mappings": "%s"}' % ("AAAAC;" * 99),
        '{"version": 2, "sources": ["a"], "mappings": "%s"}' % ("AAAA;" * 99),
        '{"version": 3, "sections": []}',
    ],
)
def test_a_malformed_map_is_passed_over(pending, content):
    pending.map.write_text(content)
    assert pending.notes("main") == []


def test_a_missing_map_is_passed_over(pending):
    pending.map.unlink()
    assert pending.notes("main") == []


@pytest.mark.parametrize(
    "url", ["", "data:application/json;base64,e30=", "https://example.org/a.map", "../../nowhere"]
)
def test_a_map_that_is_elsewhere_is_passed_over(pending, url):
    text = pending.file.read_text(encoding="utf-8").replace("out.py.map", url)
    pending.file.write_text(text, encoding="utf-8")
    assert pending.notes("main") == []


def test_a_map_of_another_text_is_passed_over(pending):
    text = pending.file.read_text(encoding="utf-8")
    pending.file.write_text(f"# edited\n{text}", encoding="utf-8")
    assert pending.notes("main") == []


def test_line_ends_may_change(pending, note):
    text = pending.file.read_bytes().replace(b"\n", b"\r\n")
    pending.file.write_bytes(text)
    assert pending.notes("main") == [note]


def test_code_without_a_map_has_no_note():
    with pytest.raises(ZeroDivisionError) as caught:
        Lwt.run(Lwt.map(Lwt.pause(), lambda _: 1 / 0))
    assert not hasattr(caught.value, "__notes__")


def test_nothing_is_imported_while_all_is_well():
    code = (
        "import sys\nfrom lwtsyntax import runtime as Lwt\n"
        "Lwt.run(Lwt.catch(lambda: Lwt.map(Lwt.pause(), lambda _: 1 / 0), lambda e: Lwt.unit))\n"
        "assert 'lwtsyntax.runtime.source_maps' not in sys.modules and 'json' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("root", "url", "path"),
    [
        ("", "a.py", "a.py"),
        ("", "../src/a%20b.py", "../src/a b.py"),
        ("../src", "a.py", "../src/a.py"),
        ("../src/", "a.py", "../src/a.py"),
        ("", "file:///home/a.py", "/home/a.py"),
        ("", "https://example.org/a.py", "https://example.org/a.py"),
        ("webpack:///", "a.py", "webpack:///a.py"),
        ("src", "<stdin>", "<stdin>"),
    ],
)
def test_urls_of_sources(root, url, path):
    assert source_maps._path(root, url) == path
