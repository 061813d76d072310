from effects import get
from lwtsyntax import lwt


class Account:
    def __init__(self, balance):
        self.balance = balance

    @lwt
    def withdraw(self, amount):
        allowed = lwt(get(self.balance))
        if amount > allowed:
            raise ValueError(
                f"only {allowed}",
            )
        self.balance -= amount


@lwt
def main():
    account = Account(10)
    lwt(account.withdraw(3))
    lwt(account.withdraw(30))

# traceback
# Traceback (most recent call last):
#   File "after_a_wait.py", line 23, in main
#     lwt(account.withdraw(30))
#   File "after_a_wait.py", line 13, in withdraw
#     raise ValueError(
# ValueError: only 7
