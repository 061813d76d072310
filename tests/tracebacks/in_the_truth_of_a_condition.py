from effects import get
from lwtsyntax import lwt


class Doubtful:
    rounds = 2

    def __bool__(self):
        self.rounds -= 1
        if not self.rounds:
            raise ValueError("who knows")
        return True


@lwt
def asks(condition):
    while condition:
        lwt(get(1))
    return 1


@lwt
def main():
    x = lwt(asks(Doubtful()))
    return x

# traceback
# Traceback (most recent call last):
#   File "in_the_truth_of_a_condition.py", line 24, in main
#     x = lwt(asks(Doubtful()))
#         ^^^^^^^^^^^^^^^^^^^^^
#   File "in_the_truth_of_a_condition.py", line 17, in asks
#     while condition:
#           ^^^^^^^^^
#   File "in_the_truth_of_a_condition.py", line 11, in __bool__
#     raise ValueError("who knows")
# ValueError: who knows
