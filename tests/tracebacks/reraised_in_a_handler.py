from effects import get
from lwtsyntax import lwt


@lwt
def divide(a, b):
    lwt(get(b))
    return a / b


@lwt
def tried(a, b):
    try:
        found = lwt(divide(a, b))
        return found
    except ZeroDivisionError:
        lwt(get("log"))
        raise


@lwt
def main():
    result = lwt(tried(1, 0))
    print(result)

# traceback
# Traceback (most recent call last):
#   File "reraised_in_a_handler.py", line 23, in main
#     result = lwt(tried(1, 0))
#              ^^^^^^^^^^^^^^^^
#   File "reraised_in_a_handler.py", line 14, in tried
#     found = lwt(divide(a, b))
#             ^^^^^^^^^^^^^^^^^
#   File "reraised_in_a_handler.py", line 8, in divide
#     return a / b
#            ~~^~~
# ZeroDivisionError: division by zero
