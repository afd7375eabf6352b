"""What the signs and codes of the tables mean by the policy of the year."""

from letopis.archive.units import Code
from letopis.register.models import AbsenceReason, Attendance, Lesson
from letopis.rules.policy import SCALES, Policy
from letopis.rules.results import RESULTS

RESULT_CODES = tuple(Code("result", result.code, result.sign, result.title) for result in RESULTS)


def register_codes(policy: Policy) -> tuple[Code, ...]:
    """Return the codes of the register's tables."""
    letters = dict(policy.reason_letters)
    marks = {value: scale.title for scale in SCALES.values() for value in scale.values}
    return (
        *(Code("mark", value, value, f"отметка, шкала {title}") for value, title in marks.items()),
        *(Code("mark", symbol.code, symbol.code, f"не отметка: {symbol.title}") for symbol in policy.symbols),
        *(Code("work_kind", kind.code, kind.code, f"{kind.title}, вес {kind.weight}") for kind in policy.work_kinds),
        *(
            Code("event", event.value, {"ABSENT": policy.absence_letter, "LATE": policy.lateness_letter}[event], title)
            for event, title in ((Attendance.Event.ABSENT, "отсутствие"), (Attendance.Event.LATE, "опоздание"))
        ),
        *(
            Code("reason", reason.value, letters.get(reason, policy.absence_letter), str(reason.label))
            for reason in AbsenceReason
        ),
        *(Code("lesson_state", state.value, "", str(state.label)) for state in Lesson.State),
        *RESULT_CODES,
    )
