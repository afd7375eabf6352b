"""The sign-in form and the form of one's own password."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letopis.accounts.actions import begin_attempt, forget_attempts
from letopis.accounts.models import User
from letopis.core.errors import Refused


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

    def clean(self) -> dict[str, Any]:
        """Try the password, unless the name is locked: then nothing is hashed, whether the name exists or not."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        try:
            begin_attempt(username, at=self.request.now)  # type: ignore[union-attr]
        except Refused as refusal:
            raise ValidationError(refusal.verdict.sentence, code=refusal.verdict.code) from None
        cleaned = super().clean()
        forget_attempts(username)
        return cleaned


class PasswordForm(forms.Form):
    """The old password and a new one, twice."""

    old = forms.CharField(
        label=_("Нынешний пароль"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("Новый пароль"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Не меньше 10 знаков. Хорошо запоминаются три-четыре слова, никак не связанные между собой."),
    )
    again = forms.CharField(
        label=_("Новый пароль ещё раз"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError(_("Пароли не совпали. Наберите новый пароль ещё раз."), code="MISMATCH")
        return again
