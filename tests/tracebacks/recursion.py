from effects import get
from lwtsyntax import lwt


@lwt
def depth(n):
    if n == 0:
        lwt(get(n))
        raise IndexError("at the bottom")
    return lwt(depth(n - 1)) + 1


@lwt
def walk(tree):
    for child in tree:
        lwt(get(len(child)))
        lwt(walk(child))
    if not tree:
        lwt(depth(2))
        print("not reached")


@lwt
def main():
    lwt(walk([[[]], [[]]]))
    print("not reached")

# traceback
# Traceback (most recent call last):
#   File "recursion.py", line 25, in main
#     lwt(walk([[[]], [[]]]))
#   File "recursion.py", line 17, in walk
#     lwt(walk(child))
#   File "recursion.py", line 17, in walk
#     lwt(walk(child))
#   File "recursion.py", line 19, in walk
#     lwt(depth(2))
#   File "recursion.py", line 10, in depth
#     return lwt(depth(n - 1)) + 1
#            ^^^^^^^^^^^^^^^^^
#   File "recursion.py", line 10, in depth
#     return lwt(depth(n - 1)) + 1
#            ^^^^^^^^^^^^^^^^^
#   File "recursion.py", line 9, in depth
#     raise IndexError("at the bottom")
# IndexError: at the bottom
