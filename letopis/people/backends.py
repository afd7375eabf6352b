"""Sign-in by password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from letopis.accounts.models import User
from letopis.people.access import load_user


class PersonBackend(BaseBackend):
    """Checks a password, and loads a signed-in user with all that access needs in one query."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        if not username or password is None:
            return None
        user = User.objects.filter(username__iexact=username.strip()).first()
        if user is None:
            # Hash anyway, so that the time of the answer does not tell which names exist.
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        user = load_user(user_id)
        return user if user is not None and user.is_active else None
