from effects import get
from lwtsyntax import lwt


@lwt
def main():
    base = lwt(get(3))

    @lwt
    def inner(x):
        y = lwt(get(x))
        return helper(y - base)

    def helper(z):
        return 1 // z

    values = [lwt(inner(each)) for each in (4, 3)]
    return values

# traceback
# Traceback (most recent call last):
#   File "in_a_nested_thread_function.py", line 17, in main
#     values = [lwt(inner(each)) for each in (4, 3)]
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#   File "in_a_nested_thread_function.py", line 17, in <listcomp>
#     values = [lwt(inner(each)) for each in (4, 3)]
#               ^^^^^^^^^^^^^^^^
#   File "in_a_nested_thread_function.py", line 12, in inner
#     return helper(y - base)
#            ^^^^^^^^^^^^^^^^
#   File "in_a_nested_thread_function.py", line 15, in helper
#     return 1 // z
#            ~~^^~~
# ZeroDivisionError: integer division or modulo by zero
