from effects import fail, get
from lwtsyntax import lwt


@lwt
def load(key):
    try:
        return lwt(fail(KeyError(key)))
    except KeyError as error:
        name = lwt(get(error.args[0]))
        raise LookupError(name) from error


@lwt
def main():
    try:
        value = lwt(load("a"))
    except ValueError:
        value = None
    return value

# traceback
# Traceback (most recent call last):
#   File "in_a_handler.py", line 8, in load
#     return lwt(fail(KeyError(key)))
#            ^^^^^^^^^^^^^^^^^^^^^^^^
# KeyError: 'a'
# 
# The above exception was the direct cause of the following exception:
# 
# Traceback (most recent call last):
#   File "in_a_handler.py", line 17, in main
#     value = lwt(load("a"))
#             ^^^^^^^^^^^^^^
#   File "in_a_handler.py", line 11, in load
#     raise LookupError(name) from error
# LookupError: a
