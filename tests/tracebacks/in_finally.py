from effects import get
from lwtsyntax import lwt


@lwt
def close(name):
    lwt(get(name))
    raise OSError(name)


@lwt
def use(name):
    try:
        value = lwt(get(name))
        raise KeyError(value)
    finally:
        lwt(close(name))
        print("not reached")


@lwt
def main():
    lwt(use("file"))
    print("not reached")

# traceback
# Traceback (most recent call last):
#   File "in_finally.py", line 15, in use
#     raise KeyError(value)
# KeyError: 'file'
# 
# During handling of the above exception, another exception occurred:
# 
# Traceback (most recent call last):
#   File "in_finally.py", line 23, in main
#     lwt(use("file"))
#   File "in_finally.py", line 17, in use
#     lwt(close(name))
#   File "in_finally.py", line 8, in close
#     raise OSError(name)
# OSError: file
