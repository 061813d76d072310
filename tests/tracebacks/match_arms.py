from effects import get
from lwtsyntax import exception, lwt, match_lwt


@lwt
def find(key):
    lwt(get(key))
    raise KeyError(key)


@lwt
def main():
    match match_lwt(find("a")):
        case exception(KeyError() as error) if lwt(get(False)):
            print(error)
        case exception(KeyError()):
            if lwt(get(True)):
                lwt(find("b"))
                print("not reached")
        case value:
            print(value)

# traceback
# Traceback (most recent call last):
#   File "match_arms.py", line 13, in main
#     match match_lwt(find("a")):
#           ^^^^^^^^^^^^^^^^^^^^
#   File "match_arms.py", line 8, in find
#     raise KeyError(key)
# KeyError: 'a'
# 
# During handling of the above exception, another exception occurred:
# 
# Traceback (most recent call last):
#   File "match_arms.py", line 18, in main
#     lwt(find("b"))
#   File "match_arms.py", line 8, in find
#     raise KeyError(key)
# KeyError: 'b'
