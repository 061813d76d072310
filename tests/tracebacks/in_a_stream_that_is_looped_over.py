from effects import get
from lwtsyntax import for_lwt, lwt, lwt_stream


@lwt
def fails(n):
    lwt(get(n))
    return 1 // n


@lwt_stream
def numbers():
    yield lwt(fails(1))
    yield lwt(fails(0))


@lwt
def looks():
    found = []
    for n in for_lwt(numbers()):
        found.append(n)
    return found


@lwt
def waits():
    for n in for_lwt(numbers()):
        lwt(get(n))
    lwt(get(2))


@lwt
def main():
    try:
        lwt(looks())
    except ZeroDivisionError:
        for _ in range(2):
            lwt(waits())
            print("behind")

# traceback
# Traceback (most recent call last):
#   File "in_a_stream_that_is_looped_over.py", line 35, in main
#     lwt(looks())
#   File "in_a_stream_that_is_looped_over.py", line 20, in looks
#     for n in for_lwt(numbers()):
#              ^^^^^^^^^^^^^^^^^^
#   File "in_a_stream_that_is_looped_over.py", line 14, in numbers
#     yield lwt(fails(0))
#           ^^^^^^^^^^^^^
#   File "in_a_stream_that_is_looped_over.py", line 8, in fails
#     return 1 // n
#            ~~^^~~
# ZeroDivisionError: integer division or modulo by zero
# 
# During handling of the above exception, another exception occurred:
# 
# Traceback (most recent call last):
#   File "in_a_stream_that_is_looped_over.py", line 38, in main
#     lwt(waits())
#   File "in_a_stream_that_is_looped_over.py", line 27, in waits
#     for n in for_lwt(numbers()):
#              ^^^^^^^^^^^^^^^^^^
#   File "in_a_stream_that_is_looped_over.py", line 14, in numbers
#     yield lwt(fails(0))
#           ^^^^^^^^^^^^^
#   File "in_a_stream_that_is_looped_over.py", line 8, in fails
#     return 1 // n
#            ~~^^~~
# ZeroDivisionError: integer division or modulo by zero
