"""What the command line keeps from run to run: the second run says and leaves what the first one would."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cli_support import MARKED, PLAIN, REFUSED, environment, write
from conftest import Invoke, Subprocess
from lwtsyntax_cli import lowering, session, stamps

DROPPED = "from lwtsyntax import lwt\nfrom tasks import fetch\n\n\n@lwt\ndef f():\n    fetch()\n    return lwt(fetch())\n"
TASKS = "from lwtsyntax import lwt\n\n\n@lwt\ndef fetch():\n    return 1\n"


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is ahead, so that files which were just written have come of age."""
    monkeypatch.setattr(stamps, "now", lambda: time.time_ns() + 10**10)


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are lowered or copied, not recalled; the test may empty it."""
    names: list[str] = []

    def lower_file(job: lowering.Job) -> lowering.Outcome:
        names.append(job.name)
        return lowering.lower_file(job)

    monkeypatch.setattr(session, "lower_file", lower_file)
    return names


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder of which nothing has to be lowered twice."""
    write(tmp_path / "src/marked.py", MARKED)
    write(tmp_path / "src/plain.py", PLAIN)
    write(tmp_path / "src/data.bin", b"\0\xff")
    return tmp_path


def build(invoke: Invoke, *options: str, status: int = 0) -> str:
    result = invoke("transform", "src", "-o", "out", *options)
    assert result.exit_code == status, result.output
    return result.output


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_has_not_changed_is_not_lowered_again(
    invoke: Invoke, tree: Path, lowered: list[str]
) -> None:
    first = build(invoke)
    assert sorted(lowered) == ["src/data.bin", "src/marked.py", "src/plain.py"]
    made = contents(tree / "out")
    for _ in range(3):
        lowered.clear()
        assert build(invoke) == first
        assert lowered == []
        assert contents(tree / "out") == made


def test_a_third_run_reads_no_file(
    invoke: Invoke, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(invoke)
    build(invoke)
    monkeypatch.setattr(stamps, "content_hash", lambda data: pytest.fail("a file was read"))
    build(invoke)


def test_no_cache_lowers_everything(
    invoke: Invoke, tree: Path, lowered: list[str], cache_folder: Path
) -> None:
    build(invoke, "--no-cache")
    build(invoke, "--no-cache")
    assert len(lowered) == 6
    assert list(cache_folder.iterdir()) == []


@pytest.mark.parametrize("keep_time", [True, False], ids=["time set back", "new time"])
def test_a_changed_source_is_lowered_again(
    invoke: Invoke, tree: Path, lowered: list[str], keep_time: bool
) -> None:
    build(invoke)
    build(invoke)
    source = tree / "src/marked.py"
    before = source.stat()
    write(source, MARKED.replace("+ 1", "+ 2"))
    if keep_time:
        os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    lowered.clear()
    build(invoke)
    assert lowered == ["src/marked.py"]
    assert b"+ 2" in (tree / "out/marked.py").read_bytes()


def test_an_edit_within_the_same_tick_of_the_clock_is_seen(
    invoke: Invoke, tree: Path, lowered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such an edit leaves the stamp as it was; so stamps of files this young vouch for nothing."""
    fixed = [0o100644, 1, 2, 3, 4, 5]
    monkeypatch.setattr(stamps, "_stamp", lambda found: fixed)
    monkeypatch.setattr(stamps, "now", time.time_ns)
    build(invoke)
    build(invoke)
    write(tree / "src/marked.py", MARKED.replace("+ 1", "+ 2"))
    build(invoke)
    assert b"+ 2" in (tree / "out/marked.py").read_bytes()


def test_a_touched_source_is_read_and_not_lowered(
    invoke: Invoke, tree: Path, lowered: list[str]
) -> None:
    build(invoke)
    os.utime(tree / "src/marked.py", ns=(1, 1))
    lowered.clear()
    build(invoke)
    assert lowered == []


@pytest.mark.parametrize("name", ["marked.py", "plain.py", "data.bin"])
def test_an_output_that_is_missing_edited_or_a_link_is_written_again(
    invoke: Invoke, tree: Path, name: str
) -> None:
    build(invoke)
    build(invoke)
    made, target = contents(tree / "out"), tree / "out" / name

    def edit() -> None:
        target.write_bytes(target.read_bytes()[:-1] + b"#")

    def link() -> None:
        target.rename(tree / "elsewhere")
        target.symlink_to(tree / "elsewhere")

    for spoil in (target.unlink, edit, link, lambda: target.chmod(0o600)):
        spoil()
        build(invoke)
        assert contents(tree / "out") == made
        assert not target.is_symlink()


def test_a_source_that_may_be_executed_makes_its_output_so(invoke: Invoke, tree: Path) -> None:
    build(invoke)
    (tree / "src/marked.py").chmod(0o755)
    build(invoke)
    assert os.access(tree / "out/marked.py", os.X_OK)


def test_refusals_and_warnings_are_told_again(
    invoke: Invoke, tree: Path, lowered: list[str]
) -> None:
    write(tree / "src/refused.py", REFUSED)
    write(tree / "src/warned.py", MARKED + "\n\n@lwt\ndef g():\n    f(1)\n    return lwt(f(2))\n")
    write(tree / "out/refused.py", "left from before")
    first = build(invoke, status=1)
    assert "LWT010" in first
    assert "LWT030" in first
    assert "is left from an earlier run" in first
    lowered.clear()
    for options in ((), ("--error-format", "json"), ("--strict",)):
        fresh = build(invoke, "--no-cache", *options, status=1)
        lowered.clear()
        assert build(invoke, *options, status=1) == fresh
        assert lowered == []


def test_a_warning_that_depends_on_another_file_follows_it(invoke: Invoke, tmp_path: Path) -> None:
    write(tmp_path / "src/main.py", DROPPED)
    write(tmp_path / "src/tasks.py", TASKS)
    assert "LWT030" in build(invoke)
    assert "LWT030" in build(invoke)
    write(tmp_path / "src/tasks.py", TASKS.replace("@lwt\n", ""))
    assert "LWT030" not in build(invoke)
    write(tmp_path / "src/tasks.py", TASKS)
    assert "LWT030" in build(invoke)
    (tmp_path / "src/tasks.py").unlink()
    assert "LWT030" not in build(invoke)


def test_a_module_that_appears_on_the_path_before_is_noticed(
    invoke: Invoke, tmp_path: Path
) -> None:
    write(tmp_path / "src/app/__init__.py", "")
    write(tmp_path / "src/app/main.py", DROPPED)
    assert "LWT030" not in build(invoke)
    write(tmp_path / "src/tasks.py", TASKS)
    assert "LWT030" in build(invoke)
    (tmp_path / "src/app/__init__.py").unlink()  # now the modules beside main.py count
    assert "LWT030" not in build(invoke)


def test_async_outputs_follow_the_files_they_import(invoke: Invoke, tmp_path: Path) -> None:
    write(
        tmp_path / "src/main.py", DROPPED.replace("    fetch()\n", "    t = fetch()\n    lwt(t)\n")
    )
    write(tmp_path / "src/tasks.py", TASKS)
    build(invoke, "--to", "async")
    first = (tmp_path / "out/main.py").read_bytes()
    write(tmp_path / "src/tasks.py", TASKS.replace("@lwt\n", ""))
    build(invoke, "--to", "async")
    cached = (tmp_path / "out/main.py").read_bytes()
    build(invoke, "--to", "async", "--no-cache")
    assert cached == (tmp_path / "out/main.py").read_bytes() != first


def test_options_have_results_of_their_own(invoke: Invoke, tree: Path) -> None:
    for options in ((), ("--no-format",), ("--to", "async"), ("--source-map",), ()):
        build(invoke, *options)
        made = contents(tree / "out")
        build(invoke, *options, "--no-cache")
        assert contents(tree / "out") == made


def test_source_maps_are_written_again_when_they_are_gone(
    invoke: Invoke, tree: Path, lowered: list[str]
) -> None:
    build(invoke, "--source-map")
    made = contents(tree / "out")
    lowered.clear()
    build(invoke, "--source-map")
    assert lowered == []
    (tree / "out/marked.py.map").unlink()
    build(invoke, "--source-map")
    assert contents(tree / "out") == made


def test_check_and_diff_see_what_they_would_without(invoke: Invoke, tree: Path) -> None:
    for options in (
        ("src", "--check"),
        ("src", "--diff"),
        ("src", "--check", "--diff"),
        ("src", "--check", "-q"),
        ("src", "--check", "-o", "out"),
        ("src", "--diff", "-o", "out"),
    ):
        for prepare in (lambda: None, lambda: build(invoke), lambda: shutil.rmtree(tree / "out")):
            prepare()
            fresh = invoke("transform", *options, "--no-cache")
            for _ in range(3):
                found = invoke("transform", *options)
                assert (found.exit_code, found.output) == (fresh.exit_code, fresh.output)


@pytest.mark.parametrize("damage", ["empty", "cut off", "one byte", "nonsense", "a folder"])
def test_a_damaged_cache_is_an_empty_one(
    invoke: Invoke, tree: Path, lowered: list[str], cache_folder: Path, damage: str
) -> None:
    first = build(invoke)
    (file,) = cache_folder.iterdir()
    data = file.read_bytes()
    if damage == "a folder":
        file.unlink()
        file.mkdir()
    else:
        middle = len(data) // 2
        changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        nonsense = marshal.dumps({"a": 1})
        damaged = {
            "empty": b"",
            "cut off": data[:-9],
            "one byte": changed,
            "nonsense": nonsense,
        }
        file.write_bytes(damaged[damage])
    lowered.clear()
    assert build(invoke) == first
    assert len(lowered) == 3


@pytest.mark.parametrize("row", [None, 1, "text", [], [1] * 8, [None] * 8, {"a": 1}, [[]] * 8])
def test_an_entry_that_makes_no_sense_is_none(
    invoke: Invoke, tree: Path, lowered: list[str], cache_folder: Path, row: object
) -> None:
    build(invoke)
    (file,) = cache_folder.iterdir()
    entries = marshal.loads(file.read_bytes().partition(b"\n")[2])
    content = marshal.dumps(dict.fromkeys(entries, row))
    file.write_bytes(stamps.content_hash(content).encode() + b"\n" + content)
    lowered.clear()
    build(invoke)
    assert len(lowered) == 3


def test_a_folder_that_cannot_be_made_is_no_cache(
    invoke: Invoke, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tree / "file", "")
    monkeypatch.setenv("LWTSYNTAX_CACHE_DIR", str(tree / "file" / "inside"))
    assert build(invoke) == build(invoke)


def test_without_a_home_there_is_no_trouble(command: Subprocess, tree: Path) -> None:
    homeless = environment(HOME="/nonexistent", LWTSYNTAX_CACHE_DIR="", XDG_CACHE_HOME="")
    for _ in range(2):
        done = command("transform", "src", "-o", "out", env=homeless)
        assert done.returncode == 0, done.stderr


def test_it_stands_in_the_users_cache_directory(
    invoke: Invoke, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import platformdirs

    monkeypatch.delenv("LWTSYNTAX_CACHE_DIR")
    monkeypatch.setattr(
        platformdirs, "user_cache_path", lambda name, **_: tree / "home" / "cache" / name
    )
    build(invoke)
    assert len(list((tree / "home/cache/lwtsyntax").iterdir())) == 1


def test_runs_at_the_same_time_do_not_disturb_each_other(command: Subprocess, tree: Path) -> None:
    for number in range(6):
        write(tree / f"src/more_{number}.py", MARKED)
    statuses: list[int] = []

    def run() -> None:
        arguments = "transform", "src", "-o", "out", "-j", "1"
        statuses.extend(command(*arguments).returncode for _ in range(2))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [0] * 6
    made = contents(tree / "out")
    assert command("transform", "src", "-o", "out", "--no-cache").returncode == 0
    assert contents(tree / "out") == made


def test_another_transformer_lowers_everything_again(
    invoke: Invoke, tree: Path, lowered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lwtsyntax_cli import cache_file

    build(invoke)
    lowered.clear()
    monkeypatch.setattr(cache_file, "_versions", lambda: ["another"])
    build(invoke)
    assert len(lowered) == 3


def test_the_same_command_elsewhere_is_another_one(
    invoke: Invoke, tree: Path, lowered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(invoke)
    shutil.copytree(tree / "src", tree / "other" / "src")
    monkeypatch.chdir(tree / "other")
    lowered.clear()
    build(invoke)
    assert len(lowered) == 3
    assert contents(tree / "out") == contents(tree / "other/out")


def test_what_python_warns_of_is_said_each_time(command: Subprocess, tree: Path) -> None:
    write(tree / "src/marked.py", MARKED.replace("x + 1", "x + '\\d'"))
    for _ in range(2):
        warning = environment(PYTHONWARNINGS="always")
        done = command("transform", "src", "-o", "out", env=warning)
        assert done.stderr.count(b"invalid escape") == 1


def test_an_output_folder_that_became_a_link_out_of_the_tree_is_refused(
    invoke: Invoke, tree: Path
) -> None:
    write(tree / "src/sub/inner.py", MARKED)
    build(invoke)
    build(invoke)
    (tree / "out/sub").rename(tree / "elsewhere")
    (tree / "out/sub").symlink_to(tree / "elsewhere")
    assert "leads out of" in build(invoke, status=1)


def test_old_files_of_the_cache_are_removed(invoke: Invoke, tree: Path, cache_folder: Path) -> None:
    for name in ("old.cache", "killed.tmp", "foreign.txt"):
        os.utime(write(cache_folder / name, ""), (1, 1))
    build(invoke)
    left = {path.name for path in cache_folder.iterdir()}
    assert "foreign.txt" in left
    assert not left & {"old.cache", "killed.tmp"}
    assert len(left) == 2


RUN = """\
import sys
from lwtsyntax_cli.main import main

try:
    main(["transform", "src", "-o", "out"])
except SystemExit:
    print(sorted({"black", "libcst", "lwtsyntax.pipeline", "multiprocessing"} & {*sys.modules}))
"""


def test_a_recalled_file_imports_no_transformer(tree: Path) -> None:
    program = write(tree / "program.py", RUN)

    def run() -> str:
        return subprocess.run(
            [sys.executable, str(program)],
            cwd=tree, env=environment(), capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    assert "lwtsyntax.pipeline" in run()
    assert run() == "[]\n"
