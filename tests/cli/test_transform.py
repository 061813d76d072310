"""``lwtsyntax transform`` on single files: where output goes, and what is refused."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from cli_support import LOWERED_LINE, MARKED, PLAIN, REFUSED, write
from conftest import Invoke, Subprocess


def test_one_file_goes_to_standard_output(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", "a.py")
    assert result.exit_code == 0
    assert LOWERED_LINE in result.stdout_bytes
    assert not result.stderr
    assert Path("a.py").read_text() == MARKED


def test_a_file_without_markers_comes_out_as_it_is(invoke: Invoke) -> None:
    data = b"\xef\xbb\xbf" + PLAIN.encode().replace(b"\n", b"\r\n") + b"# no newline at the end"
    write(Path("a.py"), data)
    assert invoke("transform", "a.py").stdout_bytes == data


def test_a_file_without_markers_may_have_any_encoding(invoke: Invoke) -> None:
    data = b"# -*- coding: latin-1 -*-\nname = '\xe9'\n"
    write(Path("a.py"), data)
    result = invoke("transform", "a.py")
    assert (result.exit_code, result.stdout_bytes) == (0, data)


def test_newline_style_and_byte_order_mark_are_kept(invoke: Invoke) -> None:
    write(Path("a.py"), b"\xef\xbb\xbf" + MARKED.encode().replace(b"\n", b"\r\n"))
    output = invoke("transform", "a.py").stdout_bytes
    assert output.startswith(b"\xef\xbb\xbf")
    assert LOWERED_LINE in output
    assert output.count(b"\n") == output.count(b"\r\n")


def test_transforming_the_output_changes_nothing(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    once = invoke("transform", "a.py").stdout_bytes
    write(Path("b.py"), once)
    assert invoke("transform", "b.py").stdout_bytes == once


def test_dash_reads_standard_input(invoke: Invoke) -> None:
    result = invoke("transform", "-", stdin=MARKED.encode())
    assert result.exit_code == 0
    assert LOWERED_LINE in result.stdout_bytes


@pytest.mark.parametrize(
    ("options", "name"), [((), "<stdin>"), (("--stdin-filename", "my/mod.py"), "my/mod.py")]
)
def test_diagnostics_of_standard_input_bear_its_name(
    invoke: Invoke, options: tuple[str, ...], name: str
) -> None:
    result = invoke("transform", "-", *options, stdin=REFUSED.encode())
    assert result.exit_code == 1
    assert not result.stdout_bytes
    assert result.stderr.startswith(f"{name}:5:12: LWT010 ")


def test_output_to_a_file_keeps_the_mode(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED).chmod(0o750)
    result = invoke("transform", "a.py", "-o", "new/deep/b.py")
    assert (result.exit_code, result.output) == (0, "")
    assert LOWERED_LINE in Path("new/deep/b.py").read_bytes()
    assert stat.S_IMODE(Path("new/deep/b.py").stat().st_mode) == 0o750
    assert os.listdir("new/deep") == ["b.py"]


@pytest.mark.parametrize("name", ["out", "out/"])
def test_output_to_a_directory_keeps_the_name(invoke: Invoke, name: str) -> None:
    write(Path("a.py"), MARKED)
    if name == "out":
        Path("out").mkdir()
    assert invoke("transform", "a.py", "-o", name).exit_code == 0
    assert LOWERED_LINE in Path("out/a.py").read_bytes()


def test_standard_input_can_go_to_a_file(invoke: Invoke) -> None:
    assert invoke("transform", "-", "-o", "b.py", stdin=MARKED.encode()).exit_code == 0
    assert LOWERED_LINE in Path("b.py").read_bytes()


def test_output_through_a_link_reaches_the_file_behind_it(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    write(Path("real/b.py"), "")
    Path("b.py").symlink_to("real/b.py")
    assert invoke("transform", "a.py", "-o", "b.py").exit_code == 0
    assert Path("b.py").is_symlink()
    assert LOWERED_LINE in Path("real/b.py").read_bytes()


def test_output_to_a_device_is_written_through(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "a.py", MARKED)
    done = command("transform", "a.py", "-o", "/dev/stdout")
    assert done.returncode == 0
    assert LOWERED_LINE in done.stdout


def test_an_up_to_date_output_is_not_written_again(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    invoke("transform", "a.py", "-o", "b.py")
    os.utime("b.py", (1, 1))
    invoke("transform", "a.py", "-o", "b.py")
    assert Path("b.py").stat().st_mtime == 1


def test_a_refused_file_leaves_an_earlier_output_alone_and_says_so(invoke: Invoke) -> None:
    write(Path("a.py"), REFUSED)
    write(Path("b.py"), "earlier")
    result = invoke("transform", "a.py", "-o", "b.py")
    assert result.exit_code == 1
    assert Path("b.py").read_text() == "earlier"
    assert "note: b.py is left from an earlier run" in result.stderr


def test_a_refused_file_writes_nothing(invoke: Invoke) -> None:
    write(Path("a.py"), REFUSED)
    assert invoke("transform", "a.py", "-o", "b.py").exit_code == 1
    assert os.listdir() == ["a.py"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (REFUSED.encode(), "LWT010"),
        (MARKED.encode() + b"def (\n", "LWT001"),
        (MARKED.encode() + b"# \xff\n", "LWT002"),
        (MARKED.encode() + b"y = " + b"f(" * 1500 + b")" * 1500 + b"\n", "LWT001 LWT003"),
        (MARKED.encode() + b"y = " + b"-" * 100_000 + b"1\n", "LWT001 LWT003"),
        (MARKED.encode() + b"y = '\0'\n", "LWT001"),
    ],
    ids=["refused", "syntax error", "not UTF-8", "1500 calls", "100000 signs", "null byte"],
)
def test_bad_input_is_a_diagnostic(
    command: Subprocess, tmp_path: Path, source: bytes, code: str
) -> None:
    write(tmp_path / "a.py", source)
    done = command("transform", "a.py")
    assert done.returncode == 1
    assert done.stdout == b""
    first = done.stderr.decode().splitlines()[0]
    assert first.startswith("a.py:")
    assert any(each in first for each in code.split())
    assert b"Traceback" not in done.stderr


def test_an_unreadable_file_is_a_diagnostic(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(Path("a.py"), MARKED)

    def refuse(path: str, *_: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("lwtsyntax_cli.lowering.open", refuse, raising=False)
    result = invoke("transform", "a.py")
    assert result.exit_code == 1
    assert result.stderr == "a.py:1:1: LWT004 cannot be read: Permission denied\n"


def test_an_output_that_cannot_be_written_is_a_diagnostic(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    write(Path("file"), "")
    result = invoke("transform", "a.py", "-o", "file/b.py")
    assert result.exit_code == 1
    assert "LWT004 cannot be written to file/b.py" in result.stderr


def test_a_failure_of_the_pipeline_is_a_diagnostic(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("pass")

    monkeypatch.setattr("lwtsyntax.pipeline.transform_bytes", fail)
    write(Path("a.py"), MARKED)
    result = invoke("transform", "a.py")
    assert result.exit_code == 1
    assert "LWT099 KeyError: 'pass' (test_transform.py:" in result.stderr
    assert "please report it" in result.stderr


def test_check_says_what_would_change(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    write(Path("b.py"), PLAIN)
    result = invoke("transform", "--check", "a.py", "b.py")
    assert (result.exit_code, result.stdout) == (1, "would change: a.py\n")
    assert result.stderr == "2 files: 1 would change, 0 refused\n"
    assert Path("a.py").read_text() == MARKED
    assert invoke("transform", "--check", "b.py").exit_code == 0


def test_check_with_output_finds_missing_and_stale_outputs(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    arguments = ("transform", "--check", "a.py", "-o", "b.py")
    missing = invoke(*arguments)
    assert (missing.exit_code, missing.stdout) == (1, "missing: b.py\n")
    assert not Path("b.py").exists()
    invoke("transform", "a.py", "-o", "b.py")
    assert invoke(*arguments).exit_code == 0
    write(Path("b.py"), "stale")
    stale = invoke(*arguments)
    assert (stale.exit_code, stale.stdout) == (1, "would change: b.py\n")
    assert Path("b.py").read_text() == "stale"


def test_diff_shows_and_exits_0_unless_check_is_given(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", "--diff", "a.py")
    assert result.exit_code == 0
    assert result.stdout.startswith("--- a.py\n+++ a.py (lowered)\n@@ ")
    assert "-    x = lwt(g())\n" in result.stdout
    assert invoke("transform", "--diff", "--check", "a.py").exit_code == 1
    write(Path("b.py"), PLAIN)
    assert not invoke("transform", "--diff", "b.py").stdout


def test_diff_with_output_compares_with_what_is_there(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    assert invoke("transform", "--diff", "a.py", "-o", "b.py").stdout.startswith("--- /dev/null\n")
    write(Path("b.py"), "old")
    result = invoke("transform", "--diff", "a.py", "-o", "b.py")
    assert result.stdout.startswith("--- b.py\n+++ b.py\n")
    assert "-old\n\\ No newline at end of file\n" in result.stdout
    assert Path("b.py").read_text() == "old"


def test_show_passes_prints_the_program_after_each(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", "--show-passes", "a.py")
    assert result.exit_code == 0
    headings = [line for line in result.stdout.splitlines() if line.startswith("# ----- ")]
    assert len(headings) >= 3
    assert LOWERED_LINE.decode() in result.stdout
    assert invoke("transform", "--show-passes", "-", stdin=REFUSED.encode()).exit_code == 1


def test_no_format_leaves_black_out(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "black.py", "raise SystemExit('imported')")
    write(tmp_path / "a.py", MARKED.replace("lwt(g())", "lwt(g({1 : 2}))"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    assert command("transform", "--no-format", "a.py", env=environment).returncode == 0
    assert command("transform", "a.py", env=environment).returncode == 1


def test_json_diagnostics_are_all_of_standard_error(invoke: Invoke) -> None:
    write(Path("a.py"), REFUSED)
    write(Path("b.py"), MARKED)
    result = invoke("transform", "--error-format", "json", "a.py", "b.py", "-o", "out")
    assert result.exit_code == 1
    assert not result.stdout
    [row] = json.loads(result.stderr)
    assert (row["code"], row["filename"], row["line"], row["column"]) == ("LWT010", "a.py", 5, 12)
    assert row["severity"] == "error"
    assert row["source_line"] == "    return lwt(g())"
    clean = invoke("transform", "--error-format", "json", "b.py")
    assert json.loads(clean.stderr) == []
    assert LOWERED_LINE in clean.stdout_bytes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.py",), "does not exist"),
        ((), "Missing argument"),
        (("a.py", "b.py"), "-o DIR"),
        (("d",), "-o DIR"),
        (("-", "a.py", "--check"), "standard input"),
        (("a.py", "-o", "a.py"), "overwrite the input"),
        (("a.py", "-o", "."), "overwrite the input"),
        (("a.py", "-o", "link.py"), "overwrite the input"),
        (("a.py", "b.py", "-o", "b.py"), "is a file"),
        (("d", "-o", "d"), "overwrite the input"),
        (("d", "-o", "d/out"), "overlap"),
        (("d", "-o", "."), "overlap"),
        (("d", "-o", "a.py"), "is a file"),
        (("a.py", "d/a.py", "-o", "out"), "both be written"),
        (("a.py", "d", "-o", "."), "overwrite the input"),
        (("--show-passes", "d"), "--show-passes"),
        (("--show-passes", "a.py", "--check"), "--show-passes"),
        (("a.py", "-j", "0"), "-j"),
        (("a.py", "--error-format", "xml"), "--error-format"),
        (("a.py", "--unknown"), "--unknown"),
    ],
)
def test_a_wrong_command_line_exits_2(
    invoke: Invoke, arguments: tuple[str, ...], message: str
) -> None:
    write(Path("a.py"), MARKED)
    write(Path("b.py"), MARKED)
    write(Path("d/a.py"), MARKED)
    Path("link.py").symlink_to("a.py")
    result = invoke("transform", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert Path("a.py").read_text() == Path("d/a.py").read_text() == MARKED
    assert sorted(os.listdir()) == ["a.py", "b.py", "d", "link.py"]


def test_a_closed_pipe_is_no_error_message(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "a.py", MARKED + "# long\n" * 100_000)
    read, wanted = os.pipe()
    os.close(read)
    try:
        done = command("transform", "a.py", capture_output=False, stdout=wanted, stderr=-1)
    finally:
        os.close(wanted)
    assert done.stderr == b""
