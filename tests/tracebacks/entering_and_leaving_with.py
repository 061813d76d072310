from effects import get
from lwtsyntax import lwt


class Plain:
    def __init__(self, fails):
        self.fails = fails

    def __enter__(self):
        assert self.fails != "enter"

    def __exit__(self, *error):
        assert self.fails != "exit"


@lwt
def plain(fails):
    with Plain(fails):
        lwt(get(1))
    lwt(get(2))


@lwt
def main():
    try:
        lwt(plain("enter"))
    except AssertionError:
        try:
            lwt(plain("exit"))
        except AssertionError:
            with Plain("exit"):
                print(lwt(get(1)))

# traceback
# Traceback (most recent call last):
#   File "entering_and_leaving_with.py", line 26, in main
#     lwt(plain("enter"))
#   File "entering_and_leaving_with.py", line 18, in plain
#     with Plain(fails):
#          ^^^^^^^^^^^^
#   File "entering_and_leaving_with.py", line 10, in __enter__
#     assert self.fails != "enter"
#            ^^^^^^^^^^^^^^^^^^^^^
# AssertionError
# 
# During handling of the above exception, another exception occurred:
# 
# Traceback (most recent call last):
#   File "entering_and_leaving_with.py", line 29, in main
#     lwt(plain("exit"))
#   File "entering_and_leaving_with.py", line 18, in plain
#     with Plain(fails):
#          ^^^^^^^^^^^^
#   File "entering_and_leaving_with.py", line 13, in __exit__
#     assert self.fails != "exit"
#            ^^^^^^^^^^^^^^^^^^^^
# AssertionError
# 
# During handling of the above exception, another exception occurred:
# 
# Traceback (most recent call last):
#   File "entering_and_leaving_with.py", line 31, in main
#     with Plain("exit"):
#          ^^^^^^^^^^^^^
#   File "entering_and_leaving_with.py", line 13, in __exit__
#     assert self.fails != "exit"
#            ^^^^^^^^^^^^^^^^^^^^
# AssertionError
