"""What every page knows: who is here, where he may go, which day it is."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import letopis
from letopis.accounts.models import Role
from letopis.people.access import Actor


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the navigation."""

    title: Any
    url: str
    icon: str
    active: bool
    count: int = 0


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page. Runs no query."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"version": letopis.__version__}
    return {
        "version": letopis.__version__,
        "actor": actor,
        "today": actor.today,
        "navigation": navigation(actor, path=request.path),
    }


def navigation(actor: Actor, *, path: str) -> list[Item]:
    """Return the lines of the navigation this actor has use for; the longest address that fits is the active one."""
    works, office = actor.employee_id is not None, bool(actor.roles) and not actor.controls
    lines: list[tuple[object, Any, str, str]] = [
        (works and not office, _("Мой день"), "control:my_day", "day"),
        (works and not office, _("Журналы"), "register:courses", "register"),
        (actor.pupil_id or actor.guardian_id, _("Дневник"), "diary:week", "home"),
        (not actor.works_here, _("Локальные акты"), "control:acts", "archive"),
        (actor.has(Role.ADMINISTRATOR, Role.CLERK, Role.DIRECTOR), _("Импорт"), "exchange:imports", "import"),
        (actor.has(Role.ADMINISTRATOR, Role.DIRECTOR), _("Доступ"), "people:accounts", "people"),
        (actor.controls, _("Контроль"), "control:board", "check"),
        (actor.controls, _("Пропуски"), "register:absences", "clock"),
        (actor.controls, _("Замечания"), "register:remarks", "message"),
        (actor.has(Role.ARCHIVIST) and office, _("Архив"), "archive:packages", "archive"),
        (actor.works_here and actor.roles != {Role.ADMINISTRATOR}, _("Итоги"), "attestation:classes", "results"),
        (actor.controls, _("Архив"), "archive:packages", "archive"),
        (actor.works_here, _("Расписание"), "schooling:timetable", "timetable"),
        (actor.controls, _("Замены"), "register:substitutions", "edit"),
        (actor.controls, _("Исправления"), "register:corrections", "history"),
        (actor.works_here, _("Классы"), "schooling:classes", "people"),
        (actor.works_here, _("Учебный год"), "schooling:year", "school"),
        (actor.controls or actor.has(Role.ADMINISTRATOR), _("Правила школы"), "control:rules", "settings"),
        (actor.controls or actor.has(Role.ADMINISTRATOR), _("Подлинность"), "control:ledger", "lock"),
        # Few who hold an office give lessons: their own work comes first.
        (works and office, _("Мой день"), "control:my_day", "day"),
    ]
    shown = [(title, _address(name), icon) for wanted, title, name, icon in lines if wanted]
    fitting = [url for _title, url, _icon in shown if path.startswith(url)]
    active = max(fitting, key=len, default="")
    return [Item(title, url, icon, url == active) for title, url, icon in shown]


@cache
def _address(name: str) -> str:
    """Return the address of a page. Kept, because every page asks for all of them again."""
    return reverse(name)
