from effects import get
from lwtsyntax import lwt


def items():
    yield 1
    raise KeyError("item")


@lwt
def own_iterator():
    for item in items():
        lwt(get(item))
    return 1


@lwt
def grows():
    found = {1: 1}
    for item in found:
        found[lwt(get(item)) + 1] = 1


@lwt
def no_iterator():
    for item in get:
        x = lwt(get(item))
        print(x)


@lwt
def main():
    try:
        lwt(own_iterator())
    except KeyError:
        try:
            lwt(grows())
        except RuntimeError:
            while get:
                lwt(no_iterator())

# traceback
# Traceback (most recent call last):
#   File "in_the_iterator_of_a_loop.py", line 34, in main
#     lwt(own_iterator())
#   File "in_the_iterator_of_a_loop.py", line 12, in own_iterator
#     for item in items():
#                 ^^^^^^^
#   File "in_the_iterator_of_a_loop.py", line 7, in items
#     raise KeyError("item")
# KeyError: 'item'
# 
# During handling of the above exception, another exception occurred:
# 
# Traceback (most recent call last):
#   File "in_the_iterator_of_a_loop.py", line 37, in main
#     lwt(grows())
#   File "in_the_iterator_of_a_loop.py", line 20, in grows
#     for item in found:
#                 ^^^^^
# RuntimeError: dictionary changed size during iteration
# 
# During handling of the above exception, another exception occurred:
# 
# Traceback (most recent call last):
#   File "in_the_iterator_of_a_loop.py", line 40, in main
#     lwt(no_iterator())
#   File "in_the_iterator_of_a_loop.py", line 26, in no_iterator
#     for item in get:
#                 ^^^
# TypeError: 'method' object is not iterable
