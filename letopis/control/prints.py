"""Paper forms of what spans the school: the sheet of acquaintance with a local act."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.control.queries.acts import Signed
from letopis.org.models import LocalAct
from letopis.register.queries.class_register import signatories
from letopis.rules.russian import short_date

CAPTIONS = ("Работник", "Должность", "Ознакомлен", "Дата", "Отметку внесли")


def cells(line: Signed) -> tuple[str, ...]:
    """Return a row of the sheet as a table, in the order of CAPTIONS."""
    mark, employee = line.mark, line.employee
    if mark is None:
        return (employee.person.full_name, employee.position, "нет", "", "")
    how = "подпись на бумаге" if mark.on_paper else "электронная отметка"
    entered = short_date(localdate(mark.entered_at))
    return (employee.person.full_name, employee.position, how, short_date(mark.known_on), entered)


def act_cited(act: LocalAct) -> str:
    """Return «Положение о …, № 12 от 01.09.2026»."""
    number = f" № {act.number}" if act.number else ""
    dated = f" от {short_date(act.dated)}" if act.dated else ""
    return f"{act.title},{number}{dated}" if number or dated else act.title


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def acquaintance_sheet(act: LocalAct, lines: Sequence[Signed], *, on: date) -> dict[str, Any]:
    """Return the sheet for the form control/acquaintance_sheet. One query. Sources: ORG-005, ORG-B040."""
    people = signatories(organisation_id=act.organisation_id, on=on)
    order = f"Введён в действие приказом № {act.order_number}" if act.order_number else ""
    return {
        "organisation": act.organisation.full_name,
        "act": act_cited(act),
        "order": f"{order} от {short_date(act.order_date)}" if order and act.order_date else order,
        "in_force": f"Действует с {short_date(act.in_force_from)}" if act.in_force_from else "",
        "printed_on": short_date(on),
        "director": people.get(Role.DIRECTOR, ""),
        "known": str(sum(line.mark is not None for line in lines)),
        "every": str(len(lines)),
        "rows": [
            [
                line.employee.person.full_name,
                line.employee.position,
                short_date(line.mark.known_on) if line.mark else "",
                "" if line.mark is None else "подпись на бумаге" if line.mark.on_paper else "электронно",
            ]
            for line in lines
        ],
    }
