"""``lwtsyntax transform --source-map``: what is written where, and what is refused."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from cli_support import MARKED, PLAIN, REFUSED, write
from conftest import Invoke

from lwtsyntax.runtime.source_maps import read


def content(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_bytes())
    return found


def test_a_map_is_written_beside_the_output(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    result = invoke("transform", "src/a.py", "-o", "out/b.py", "--source-map")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("out/b.py").read_text().endswith("\n# sourceMappingURL=b.py.map\n")
    found = content("out/b.py.map")
    assert (found["version"], found["file"], found["names"]) == (3, "b.py", ["f"])
    assert (found["sources"], found["sourcesContent"]) == (["../src/a.py"], [MARKED])
    assert sorted(os.listdir("out")) == ["b.py", "b.py.map"]


def test_without_the_option_nothing_is_different(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    invoke("transform", "a.py", "-o", "b.py")
    assert "sourceMappingURL" not in Path("b.py").read_text()
    assert not Path("b.py.map").exists()


def test_a_mirror_has_a_map_for_each_file_that_changes(invoke: Invoke) -> None:
    for number in range(3):
        write(Path(f"src/pkg/m{number}.py"), MARKED)
    write(Path("src/plain.py"), PLAIN)
    write(Path("src/data.txt"), "text")
    assert invoke("transform", "src", "-o", "out", "--source-map", "-j", "2").exit_code == 0
    files = sorted(str(path.relative_to("out")) for path in Path("out").rglob("*.*"))
    modules = [f"pkg/m{n}.py{end}" for n in range(3) for end in ("", ".map")]
    assert files == ["data.txt", *map(os.path.normpath, modules), "plain.py"]
    assert Path("out/plain.py").read_text() == PLAIN
    assert content("out/pkg/m1.py.map")["sources"] == ["../../src/pkg/m1.py"]


@pytest.mark.parametrize("mode", [(), ("--check",), ("--diff",)])
@pytest.mark.parametrize("path", ["a.py", "-"])
def test_a_map_needs_an_output_to_stand_beside(
    invoke: Invoke, mode: tuple[str, ...], path: str
) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", path, "--source-map", *mode, stdin=MARKED.encode())
    assert result.exit_code == 2
    assert "-o" in result.stderr
    assert not result.stdout


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="needs /dev/null")
def test_no_map_goes_beside_a_device(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", "a.py", "--source-map", "-o", "/dev/null")
    assert result.exit_code == 2
    assert "/dev/null" in result.stderr


@pytest.mark.parametrize(
    ("options", "source"), [((), "<stdin>"), (("--stdin-filename", "my/mod.py"), "my/mod.py")]
)
def test_the_source_may_be_standard_input(
    invoke: Invoke, options: tuple[str, ...], source: str
) -> None:
    result = invoke("transform", "-", "-o", "b.py", "--source-map", *options, stdin=MARKED.encode())
    assert result.exit_code == 0
    assert content("b.py.map")["sources"] == [source]
    known = read("b.py")
    assert known is not None
    assert known.files == [os.path.normpath(source)]


def test_transforming_the_output_changes_nothing(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    invoke("transform", "a.py", "-o", "b.py", "--source-map")
    invoke("transform", "b.py", "-o", "c.py", "--source-map")
    assert Path("b.py").read_bytes() == Path("c.py").read_bytes()
    assert not Path("c.py.map").exists()


def test_a_refused_file_leaves_output_and_map_as_they_were(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    invoke("transform", "a.py", "-o", "b.py", "--source-map")
    before = Path("b.py").read_bytes(), Path("b.py.map").read_bytes()
    write(Path("a.py"), REFUSED)
    assert invoke("transform", "a.py", "-o", "b.py", "--source-map").exit_code == 1
    assert before == (Path("b.py").read_bytes(), Path("b.py.map").read_bytes())
    assert invoke("transform", "a.py", "-o", "d.py", "--source-map").exit_code == 1
    assert not Path("d.py.map").exists()


def test_check_and_diff_look_at_the_map_too(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    arguments = ("transform", "a.py", "-o", "b.py", "--source-map")
    result = invoke(*arguments, "--check")
    assert (result.exit_code, result.stdout) == (1, "missing: b.py\nmissing: b.py.map\n")
    assert not Path("b.py.map").exists()
    invoke(*arguments)
    assert invoke(*arguments, "--check").exit_code == 0
    assert invoke(*arguments, "--check", "--diff").stdout == ""
    write(Path("a.py"), MARKED.replace("g())", "g( ))"))  # another source, the same output
    result = invoke(*arguments, "--check")
    assert (result.exit_code, result.stdout) == (1, "would change: b.py.map\n")
    result = invoke(*arguments, "--diff")
    assert (result.exit_code, result.stdout) == (0, "would change: b.py.map\n")


def test_what_is_up_to_date_is_left_alone(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    arguments = ("transform", "a.py", "-o", "b.py", "--source-map")
    invoke(*arguments)
    for name in ("b.py", "b.py.map"):
        os.utime(name, (1, 1))
    invoke(*arguments)
    assert [os.stat(name).st_mtime for name in ("b.py", "b.py.map")] == [1, 1]


def test_a_map_never_takes_the_place_of_another_file(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    write(Path("src/a.py.map"), "a map of treasures")
    result = invoke("transform", "src", "-o", "out", "--source-map")
    assert result.exit_code == 1
    assert "LWT004" in result.stderr and "a.py.map" in result.stderr
    assert Path("out/a.py.map").read_text() == "a map of treasures"
    assert not Path("out/a.py").exists()


def test_a_mirror_of_outputs_keeps_their_maps(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    invoke("transform", "src", "-o", "out", "--source-map")
    assert invoke("transform", "out", "-o", "again", "--source-map").exit_code == 0
    assert read("again/a.py") is not None


@pytest.mark.skipif(os.name == "nt", reason="no modes on Windows")
def test_nobody_executes_a_map(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED).chmod(0o750)
    invoke("transform", "a.py", "-o", "b.py", "--source-map")
    assert stat.S_IMODE(os.stat("b.py.map").st_mode) == 0o640


@pytest.mark.parametrize("name", ["with space.py", "50%.py", "ä𝒳.py", "a#b?c.py", "a:b.py"])
def test_names_of_any_kind_are_found_again(invoke: Invoke, name: str) -> None:
    if os.name == "nt" and set(name) & set("?:"):
        pytest.skip("no such names on Windows")
    write(Path("sub", name), MARKED)
    assert invoke("transform", f"sub/{name}", "-o", f"out/{name}", "--source-map").exit_code == 0
    known = read(f"out/{name}")
    assert known is not None
    assert known.files == [os.path.join("..", "sub", name)]


def test_windows_line_ends_and_a_byte_order_mark(invoke: Invoke) -> None:
    write(Path("a.py"), b"\xef\xbb\xbf" + MARKED.encode().replace(b"\n", b"\r\n"))
    invoke("transform", "a.py", "-o", "b.py", "--source-map")
    data = Path("b.py").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n# sourceMappingURL=b.py.map\r\n")
    known = read("b.py")
    assert known is not None
    line = next(n for n, text in enumerate(known.lines, 1) if "x + 1" in text)
    place = known.original(line, known.lines[line - 1].index("x + 1"))
    assert place is not None
    assert (place.line, place.text, place.function) == (7, "    return x + 1", "f")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_the_way_to_the_source_passes_no_link(invoke: Invoke) -> None:
    write(Path("project/src/a.py"), MARKED)
    Path("elsewhere/deep").mkdir(parents=True)
    Path("project/out").symlink_to(Path("elsewhere/deep").absolute())
    invoke("transform", "project/src/a.py", "-o", "project/out/a.py", "--source-map")
    found = content("project/out/a.py.map")["sources"]
    assert found == ["../../project/src/a.py"]
    assert Path("project/out", found[0]).read_text() == MARKED
