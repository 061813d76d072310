"""Children that `multiprocessing` spawns: they import the main module, and with it what installs the hook."""

from __future__ import annotations

from pathlib import Path

import pytest

from .hook_support import MARKED, python, write

WORK = MARKED + "\n\ndef work(n):\n    return Lwt.run(double(n))\n"
USE = """
    import multiprocessing
    {imports}

    if __name__ == "__main__":
        context = multiprocessing.get_context("{method}")
        with context.Pool(2) as pool:
            print(pool.map(app.work.work, [1, 2, 3]))
"""
METHODS = ["spawn", "forkserver", "fork"]


@pytest.mark.parametrize("method", METHODS)
def test_the_hook_in_the_main_module(tmp_path: Path, method: str) -> None:
    imports = "import lwtsyntax\n    lwtsyntax.install(['app'])\n    import app.work"
    main = USE.format(imports=imports, method=method)
    write(tmp_path, {"main.py": main, "app/__init__.py": "", "app/work.py": WORK})
    assert python("main.py", cwd=tmp_path).stdout == "[2, 4, 6]\n"


@pytest.mark.parametrize("method", METHODS)
def test_the_hook_in_the_package(tmp_path: Path, method: str) -> None:
    main = USE.format(imports="import app.work", method=method)
    init = "import lwtsyntax\nlwtsyntax.install([__name__])\n"
    write(tmp_path, {"main.py": main, "app/__init__.py": init, "app/work.py": WORK})
    assert python("main.py", cwd=tmp_path).stdout == "[2, 4, 6]\n"


def test_the_hook_where_children_do_not_come_by(tmp_path: Path) -> None:
    """Under ``if __name__ == "__main__"`` only the parent installs it; the error says what to do."""
    main = """
        import multiprocessing, lwtsyntax

        if __name__ == "__main__":
            lwtsyntax.install(["app"])
            import app.work
            context = multiprocessing.get_context("spawn")
            with context.Pool(1) as pool:
                pool.map(app.work.work, [1])
    """
    write(tmp_path, {"main.py": main, "app/__init__.py": "", "app/work.py": WORK})
    done = python("main.py", cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "NotTransformed" in done.stderr and "lwtsyntax.install" in done.stderr
