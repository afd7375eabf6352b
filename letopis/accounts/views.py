"""Sign-in, sign-out and one's own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from letopis.accounts.actions import change_own_password
from letopis.accounts.forms import PasswordForm, SignInForm
from letopis.core.errors import Refused


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    http_method_names = ["post", "options"]


@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Let a person set a password of his own; after a slip from the school nothing else opens before that."""
    form = PasswordForm(request.POST or None, user=request.user)  # type: ignore[arg-type]
    if form.is_valid():
        try:
            user = change_own_password(
                user=request.user,  # type: ignore[arg-type]
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                by=request.actor.author,  # type: ignore[attr-defined]
                at=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refusal:
            form.add_error("new" if refusal.verdict.code == "SAME_PASSWORD" else "old", refusal.verdict.sentence)
        else:
            # Other sessions of this account end; this one goes on under the new password.
            update_session_auth_hash(request, user)
            messages.success(request, _("Пароль изменён. Листок от школы больше не нужен, его можно уничтожить."))
            return redirect("home")
    status = 400 if form.errors else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)
