"""The log of missed and substituted lessons on paper and as a table: rows in, the dict of the form out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.org.models import Organisation
from letopis.register.models import Substitution
from letopis.register.queries.class_register import signatories
from letopis.register.queries.substitutions import LogLine
from letopis.rules.russian import short_date

CAPTIONS = (
    "Дата", "Урок", "Класс, группа", "Предмет", "Кто отсутствовал", "Причина", "Как проведён", "Кто заместил", "Приказ",
    "Ознакомлен",
)  # fmt: skip

_KINDS = {
    Substitution.Kind.OTHER_TEACHER: "замена",
    Substitution.Kind.JOINED: "объединение групп",
    Substitution.Kind.CANCELLED: "урок отменён",
    Substitution.Kind.MOVED: "перенос",
}


def cells(line: LogLine) -> tuple[str, ...]:
    """Return a row of the log in the order of CAPTIONS; in Russian whatever the reader's language."""
    how = _KINDS[Substitution.Kind(line.kind)]
    if line.new_on:
        how = f"{how} на {short_date(line.new_on)}, {line.new_number}-й урок"
    return (
        short_date(line.on),
        str(line.number),
        line.group,
        line.subject,
        line.absent or "вакансия",
        line.reason,
        how,
        line.acting,
        line.order,
        short_date(localdate(line.acknowledged_at)) if line.acknowledged_at else "",
    )


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def substitution_log(
    organisation: Organisation, lines: Sequence[LogLine], *, first: date, last: date, on: date
) -> dict[str, Any]:
    """Return the log of a period for the form register/substitution_log. One query. Sources: ORG-026, ABS-B008."""
    people = signatories(organisation_id=organisation.pk, on=on)
    counted = [sum(line.kind == kind for line in lines) for kind in _KINDS]
    return {
        "organisation": organisation.full_name,
        "period": f"с {short_date(first)} по {short_date(last)}",
        "printed_on": short_date(on),
        "deputy": people.get(Role.DEPUTY, ""),
        "director": people.get(Role.DIRECTOR, ""),
        "totals": [[how, str(count)] for how, count in zip(_KINDS.values(), counted, strict=True)],
        "rows": [list(cells(line)) for line in lines],
    }
