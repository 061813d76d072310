from effects import get
from lwtsyntax import for_lwt, lwt


@lwt
def reciprocal(x):
    lwt(get(x))
    return 1 / x


@lwt
def total(xs):
    result = 0
    for x in for_lwt(xs):
        if x % 2:
            continue
        result += lwt(reciprocal(x))
    return result


@lwt
def main():
    n = 0
    while n < 3:
        n += 1
        print(lwt(total([2, 1, 4, n - 2])))

# traceback
# Traceback (most recent call last):
#   File "in_a_loop.py", line 26, in main
#     print(lwt(total([2, 1, 4, n - 2])))
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#   File "in_a_loop.py", line 17, in total
#     result += lwt(reciprocal(x))
#               ^^^^^^^^^^^^^^^^^^
#   File "in_a_loop.py", line 8, in reciprocal
#     return 1 / x
#            ~~^~~
# ZeroDivisionError: division by zero
