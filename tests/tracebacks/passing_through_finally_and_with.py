from contextlib import contextmanager

from effects import get
from lwtsyntax import lwt


@contextmanager
def managed():
    yield 1


@lwt
def fails():
    lwt(get(1))
    raise RuntimeError("here")


@lwt
def main():
    try:
        with managed() as m:
            x = lwt(fails())
            print(m, x)
    finally:
        lwt(get("clean"))

# traceback
# Traceback (most recent call last):
#   File "passing_through_finally_and_with.py", line 22, in main
#     x = lwt(fails())
#         ^^^^^^^^^^^^
#   File "passing_through_finally_and_with.py", line 15, in fails
#     raise RuntimeError("here")
# RuntimeError: here
