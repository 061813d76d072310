from effects import get
from lwtsyntax import lwt


def parse(text):
    return int(text)


@lwt
def inner(text):
    number = parse(text)
    return lwt(get(number))


@lwt
def outer(text):
    found = lwt(inner(text))
    return found


@lwt
def main():
    value = lwt(outer("x"))
    return value

# traceback
# Traceback (most recent call last):
#   File "before_the_first_wait.py", line 23, in main
#     value = lwt(outer("x"))
#             ^^^^^^^^^^^^^^^
#   File "before_the_first_wait.py", line 17, in outer
#     found = lwt(inner(text))
#             ^^^^^^^^^^^^^^^^
#   File "before_the_first_wait.py", line 11, in inner
#     number = parse(text)
#              ^^^^^^^^^^^
#   File "before_the_first_wait.py", line 6, in parse
#     return int(text)
#            ^^^^^^^^^
# ValueError: invalid literal for int() with base 10: 'x'
