"""The list of accounts, one account, and the slips that are shown once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from letopis.accounts import actions as accounts
from letopis.accounts.models import User
from letopis.accounts.passwords import password_stamp
from letopis.core.errors import Refused
from letopis.people import access, queries
from letopis.people.actions import Slip, give_access
from letopis.people.forms import AppointForm, EndForm, ReasonForm
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Person
from letopis.rules.accounts import MOST_AT_ONCE, may_manage_accounts

ON_A_PAGE = MOST_AT_ONCE


@require_safe
def account_list(request: SchoolRequest) -> HttpResponse:
    """List the persons of the school with what access they have."""
    actor = request.actor
    access.require_reader_of_accounts(actor)
    filters = _filters(request)
    classes = {
        f"{grade}{letter}": (grade, letter) for grade, letter in queries.classes_of(actor.organisation, actor.today)
    }
    persons = queries.persons_of(actor.organisation, filters)
    if filters.kind != queries.EMPLOYEES and filters.school_class in classes:
        grade, letter = classes[filters.school_class]
        persons = queries.in_class(persons, kind=filters.kind, grade=grade, letter=letter, today=actor.today)
    paginator = Paginator(persons, ON_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "kinds": [(kind, title, kind == filters.kind) for kind, (title, _condition) in queries.KINDS.items()],
        "classes": classes if filters.kind != queries.EMPLOYEES else {},
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "rows": queries.account_rows(
            page.object_list,  # type: ignore[arg-type]
            today=actor.today,
        ),
        "may_manage": may_manage_accounts(actor.roles),
    }
    return render(request, "people/accounts.html", context)


@sensitive_variables()
@never_cache
@require_http_methods(["GET", "POST"])
def give(request: SchoolRequest) -> HttpResponse:
    """Ask whether the chosen persons shall get access; give it, and show their slips this once."""
    actor = request.actor
    chosen = request.POST if request.method == "POST" else request.GET
    persons = access.persons_to_let_in(actor, _codes(chosen.getlist("person")))
    if request.method == "POST":
        try:
            slips = give_access(actor, persons, at=request.now)
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
            return redirect("people:accounts")
        if slips:
            return _show(request, slips)
        messages.info(request, _("Новых входов не открыто: у выбранных доступ уже есть. Листки видны один раз."))
        return redirect("people:accounts")
    chosen_persons = Person.objects.filter(pk__in=[person.pk for person in persons]).order_by("sort_key", "pk")
    rows = queries.account_rows(chosen_persons, today=actor.today)
    if not any(row.may_get for row in rows):
        messages.info(request, _("Отметьте тех, у кого ещё нет доступа."))
        return redirect("people:accounts")
    return render(request, "people/give_access.html", {"rows": rows, "ready": sum(bool(row.may_get) for row in rows)})


@require_safe
def account(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show one account: whose it is, its state, its offices, and what can be done."""
    actor = request.actor
    user = access.account_for(actor, code)
    appointments = queries.appointments_of(user)
    row = _row(user, actor)
    context = {
        "account": user,
        "row": row,
        "state": queries.STATES[queries.account_state(user)],
        "may_manage": may_manage_accounts(actor.roles),
        "is_own": user.pk == actor.user_id,
        "appointments": [
            (one, None if one.ends_on else EndForm.blank(role=one.role, starts_on=one.starts_on, today=actor.today))
            for one in appointments
        ],
        "appoint_form": AppointForm(initial={"starts_on": actor.today}),
    }
    return render(request, "people/account.html", context)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a verb of an account is carried out."""

    title: Any
    text: Any
    button: Any
    is_dangerous: bool = False
    asks_reason: bool = False


RESET = Question(
    gettext_lazy("Сбросить пароль?"),
    gettext_lazy(
        "Прежний пароль перестанет подходить, все открытые входы закроются. Новый листок будет показан один раз."
    ),
    gettext_lazy("Сбросить и показать листок"),
)
CLOSE = Question(
    gettext_lazy("Закрыть доступ?"),
    gettext_lazy(
        "Человек сразу выйдет из системы и не сможет войти. Всё, что он внёс, остаётся. Открыть снова можно здесь же."
    ),
    gettext_lazy("Закрыть доступ"),
    is_dangerous=True,
    asks_reason=True,
)
REOPEN = Question(
    gettext_lazy("Открыть доступ снова?"),
    gettext_lazy("Имя и пароль останутся прежними. Если пароль забыт, затем сбросьте его."),
    gettext_lazy("Открыть доступ"),
    asks_reason=True,
)


@sensitive_variables()
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Ask, then reset a password and show the slip this once."""
    actor = request.actor
    user = access.account_to_manage(actor, code)
    if request.method != "POST":
        return _ask(request, user, RESET, stamp=password_stamp(user))
    row = _row(user, actor)
    try:
        password = accounts.reset_password(
            user=user,
            by=actor.author,
            at=request.now,
            stamp=request.POST.get("stamp", ""),
        )
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
        return redirect("people:account", code)
    name = row.person.full_name if row else user.username
    return _show(request, [Slip(name, user.username, password, row.standing if row else "")])


@require_http_methods(["GET", "POST"])
def close(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Ask, then close an account."""
    return _change(request, code, CLOSE, verb=accounts.close_account, done=_("Доступ закрыт."))


@require_http_methods(["GET", "POST"])
def reopen(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Ask, then open a closed account again."""
    return _change(request, code, REOPEN, verb=accounts.reopen_account, done=_("Доступ снова открыт."))


def _change(
    request: SchoolRequest, code: UUID, question: Question, *, verb: Callable[..., User], done: str
) -> HttpResponse:
    actor = request.actor
    user = access.account_to_manage(actor, code)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, user, question, form=form)
    try:
        verb(user=user, reason=form.cleaned_data["reason"], by=actor.author, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, done)
    return redirect("people:account", code)


def _ask(
    request: SchoolRequest, user: User, question: Question, *, stamp: str = "", form: ReasonForm | None = None
) -> HttpResponse:
    row = _row(user, request.actor)
    context = {"account": user, "row": row, "question": question, "stamp": stamp, "form": form}
    return render(request, "people/account_question.html", context)


def _show(request: SchoolRequest, slips: list[Slip]) -> HttpResponse:
    """Show slips in the answer itself: a redirect would need them kept somewhere. The caller forbids caching."""
    context = {"slips": slips, "site": request.build_absolute_uri("/")}
    return render(request, "people/slips.html", context)


def _row(user: User, actor: access.Actor) -> queries.AccountRow | None:
    """Return what the account's person is to the school; None for an account that belongs to nobody by name."""
    return next(iter(queries.account_rows(Person.objects.filter(user=user), today=actor.today)), None)


def _filters(request: SchoolRequest) -> queries.Filters:
    kind = request.GET.get("kind", "")
    return queries.Filters(
        kind=kind if kind in queries.KINDS else queries.EMPLOYEES,
        query=request.GET.get("q", "").strip()[:100],
        school_class=request.GET.get("class", ""),
        is_without=request.GET.get("without") == "1",
    )


def _codes(values: Iterable[str]) -> list[UUID]:
    """Return the codes among what was sent; what is no code is left out."""
    codes = []
    for value in values:
        try:
            codes.append(UUID(value))
        except ValueError:
            continue
    return codes
