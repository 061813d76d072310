from effects import get
from lwtsyntax import lwt


@lwt
def good(x):
    return lwt(get(x))


@lwt
def bad(x):
    lwt(get(x))
    raise ValueError(x)


@lwt
def main():
    a, b = lwt(good(1), bad(2))
    return a + b

# traceback
# Traceback (most recent call last):
#   File "several_at_once.py", line 18, in main
#     a, b = lwt(good(1), bad(2))
#            ^^^^^^^^^^^^^^^^^^^^
#   File "several_at_once.py", line 13, in bad
#     raise ValueError(x)
# ValueError: 2
