"""The request for a correction, and the act that it was carried out, on paper."""

from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.people.models import Employee
from letopis.register.models import Correction
from letopis.register.queries.class_register import signatories
from letopis.register.queries.correction_values import shown
from letopis.register.queries.corrections import what_of
from letopis.rules.russian import short_date

_STATES = {
    Correction.State.REQUESTED: "ждёт решения",
    Correction.State.HALF: "ждёт второго разрешения",
    Correction.State.APPLIED: "исправлено",
    Correction.State.DECLINED: "отклонено",
    Correction.State.WITHDRAWN: "отозвано",
}


@override("ru")
def correction_act(row: Correction, *, on: date) -> dict[str, Any]:
    """Return a request, loaded by `access.corrections`, for the form register/correction_act. on: day of printing.

    Sources: REG-023, REG-B016.
    """
    names = signatories(organisation_id=row.organisation_id, on=on)
    return {
        "organisation": row.organisation.full_name,
        "what": what_of(row),
        "pupil": row.pupil.person.full_name if row.pupil else "",
        "group": row.course.group.name,
        "subject": row.course.subject.name,
        "old": shown(row.kind, row.old_value),
        "new": shown(row.kind, row.new_value),
        "reason": row.reason,
        "clause": row.clause,
        "remark": row.remark.text if row.remark else "",
        "requested_by": _who(row.requested_by),
        "requested_at": _when(row.requested_at),
        "first_by": _who(row.first_by),
        "first_at": _when(row.first_at),
        "decided_by": _who(row.decided_by),
        "decided_at": _when(row.decided_at),
        "decision": row.decision,
        "order": row.order,
        "state": _STATES[Correction.State(row.state)],
        "is_done": row.state == Correction.State.APPLIED,
        "director": names.get(Role.DIRECTOR, ""),
        "printed_on": short_date(on),
    }


def _who(employee: Employee | None) -> str:
    if employee is None:
        return ""
    return ", ".join(part for part in (employee.person.full_name, employee.position) if part)


def _when(at: datetime | None) -> str:
    return f"{localtime(at):%d.%m.%Y %H:%M}" if at else ""
