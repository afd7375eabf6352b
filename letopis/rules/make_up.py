"""Made-up lessons, postponed marks of a term, and marks brought from another school."""

from dataclasses import dataclass
from datetime import date

from letopis.rules.policy import GradingScale, Policy
from letopis.rules.results import POSTPONED
from letopis.rules.russian import short_date
from letopis.rules.term_marks import CountedMark, counted_mark
from letopis.rules.verdict import ALLOWED, Verdict, refused

LONGEST_MARKS = 300
"""Characters of a row of a statement."""


def may_make_up(
    *,
    lesson_on: date,
    held_on: date,
    today: date,
    is_absent: bool,
    reason: str,
    has_mark: bool,
    wants_mark: bool,
    is_own: bool,
    year_is_open: bool,
    policy: Policy,
) -> Verdict:
    """Allow the protocol of a missed lesson made up for, with or without a mark.

    reason: of the absence, a code of register.AbsenceReason. has_mark: a mark stands in that column already.
    The mark goes to the missed lesson; the absence stays. Source: REG-B009, ABS-B004.
    """
    if not is_own:
        return refused("NOT_OWN_COURSE", "Протокол составляет учитель, который ведёт этот предмет.")
    if not year_is_open:
        return refused("YEAR_CLOSED", "Учебный год закрыт: журнал больше не изменяется.")
    if not is_absent:
        return refused("NOT_ABSENT", "На этом уроке обучающийся не отмечен отсутствующим: восполнять нечего.")
    if reason not in policy.make_up_reasons:
        return refused(
            "REASON_NOT_VALID",
            "Восполняют уроки, пропущенные по болезни или уважительной причине, а причина этого пропуска другая "
            "или не указана. Её ставит классный руководитель.",
            clause=policy.clause("make_up_reasons"),
        )
    if held_on < lesson_on:
        return refused("BEFORE_LESSON", f"Занятие нельзя восполнить раньше урока: он был {short_date(lesson_on)}.")
    if held_on > today:
        return refused("AHEAD", "Протокол составляют в день занятия или позже: этот день ещё не наступил.")
    if wants_mark and has_mark:
        return refused("HAS_MARK", "За этот урок отметка уже стоит. Чтобы исправить её, откройте клетку журнала.")
    return ALLOWED


def may_postpone(*, value: str, until: date, reason: str, term_ends: date, year_ends: date) -> Verdict:
    """Allow that the mark of a term is put off until a day. value: the result, «отлож». Source: ATT, local act."""
    if value != POSTPONED:
        return refused("NOT_POSTPONED", "Срок ставится только отложенной аттестации: сначала выберите итог «отлож».")
    if not reason:
        return refused("NO_REASON", "Назовите, почему аттестация отложена.")
    if not term_ends <= until <= year_ends:
        return refused(
            "OUTSIDE_YEAR",
            f"Срок отложенной аттестации — с конца периода и до конца учебного года: "
            f"{short_date(term_ends)}–{short_date(year_ends)}.",
        )
    return ALLOWED


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """A row of a statement as it was typed, read."""

    marks: tuple[str, ...]
    """Signs in order: «5», «4/3»."""
    term_mark: str
    missed: int | None


def parse_outside_marks(text: str, *, scale: GradingScale) -> tuple[str, ...] | Verdict:
    """Return the marks of a row («5 4, 4/3») or the refusal. Source: REG-B037."""
    found = []
    if len(text) > LONGEST_MARKS:
        return refused("TOO_LONG", f"Строка отметок длиннее {LONGEST_MARKS} знаков: проверьте её.")
    for token in text.replace(",", " ").replace(";", " ").split():
        # «554» is three marks: statements are often written without spaces.
        signs = [token] if "/" in token or not token.isdecimal() else list(token)
        for sign in signs:
            if counted_mark(sign, "", 1, scale=scale) is None:
                return refused(
                    "OUTSIDE_SCALE",
                    f"«{sign}» — не отметка шкалы «{scale.title}»: можно {', '.join(scale.values)} две — через дробь.",
                )
            found.append(sign)
    return tuple(found)


def outside_counted(marks: str, *, scale: GradingScale, policy: Policy) -> list[CountedMark]:
    """Return the stored marks of a row as they count in a proposal: each with the weight of the default kind of work.

    The statement does not say what the works were. Source: REG-B037, C-001.
    """
    weight = policy.weight_of(policy.default_work_kind, None)
    found = (counted_mark(one, policy.default_work_kind, weight, scale=scale) for one in marks.split())
    return [mark for mark in found if mark is not None]
