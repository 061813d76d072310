from effects import get
from lwtsyntax import for_lwt, lwt


@lwt
def step(x):
    lwt(get(x))
    [][x]


@lwt
def main():
    for i in range(3):
        for x in for_lwt([i]):
            lwt(step(x))

# traceback
# Traceback (most recent call last):
#   File "in_a_loop_whose_body_is_a_wait.py", line 15, in main
#     lwt(step(x))
#   File "in_a_loop_whose_body_is_a_wait.py", line 8, in step
#     [][x]
#     ~~^^^
# IndexError: list index out of range
