"""What people see of accounts: signing in, links, one's own account, the members."""

from kb.accounts.views import account, erasing, links, members, municipalities, network, sign_in
from kb.accounts.views.pages import blueprint

__all__ = [
    "account",
    "blueprint",
    "erasing",
    "links",
    "members",
    "municipalities",
    "network",
    "sign_in",
]
