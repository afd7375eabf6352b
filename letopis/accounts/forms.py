"""The sign-in form."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password; one sentence for whatever is wrong, so that it does not tell which names exist."""

    error_messages = {
        "invalid_login": _("Имя или пароль не подошли. Проверьте раскладку клавиатуры и клавишу Caps Lock."),
        "inactive": _("Имя или пароль не подошли. Проверьте раскладку клавиатуры и клавишу Caps Lock."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("Имя для входа")
        self.fields["password"].label = _("Пароль")
