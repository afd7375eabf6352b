"""Checks of people: employees, class teachers, pupils, guardians, individual plans, past results."""

from collections.abc import Iterator
from datetime import date

from letopis.exchange.cells import ABSENT_WORDS, PASSED_WORDS
from letopis.exchange.checking.directories import Directories, problem
from letopis.exchange.problems import WARNING, Problem
from letopis.exchange.reading import SchoolBook
from letopis.exchange.rows import IndividualPlanRow, PastResultRow, PupilRow, SubgroupRow
from letopis.rules.dates import school_year_label
from letopis.rules.names import match_key
from letopis.rules.policy import SCALES
from letopis.rules.russian import counted, short_date

LEAST_AGE = 5
"""Years on 1 September; the earliest a founder lets a child in is about six and a half. Source: 273-ФЗ, art. 67."""
GREATEST_AGE = 25
"""Years on 1 September; older pupils study in evening schools, and in this one a date is more likely wrong."""

ALL_PRIMARY_SUBJECTS = "начальные классы"
"""Stands for every subject of a primary class in the list of employees."""

_VACANCY_MEND = "Впишите учителя, когда он появится, и загрузите книгу ещё раз: это замечание не мешает загрузке."


def check_people(book: SchoolBook, directories: Directories) -> Iterator[Problem]:
    """Yield every problem of people and of what refers to them."""
    yield from _check_employees(book, directories)
    for school_class in book.classes:
        yield from directories.employees.check(school_class, "class_teacher", school_class.class_teacher)
    yield from _check_pupils(book, directories)
    for guardian in book.guardians:
        yield from directories.pupils.check(guardian, "pupil_number", guardian.pupil_number)
    for plan in book.individual_plans:
        yield from _check_plan(plan, directories)
    for subgroup in book.subgroups:
        yield from _check_subgroup(subgroup, directories)
    for result in book.past_results:
        yield from _check_past_result(result, directories, year_starts=book.school.year_starts if book.school else None)


def _check_employees(book: SchoolBook, directories: Directories) -> Iterator[Problem]:
    for employee in book.employees:
        for title in employee.subjects or ():
            if match_key(title) != ALL_PRIMARY_SUBJECTS:
                yield from directories.subjects.check(employee, "subjects", title)


def _check_pupils(book: SchoolBook, directories: Directories) -> Iterator[Problem]:
    by_snils: dict[str, PupilRow] = {}
    by_birth: dict[tuple[str, date], PupilRow] = {}
    for pupil in book.pupils:
        yield from directories.check_class(pupil, pupil.school_class)
        yield from _check_class_is_given(pupil)
        if book.school and book.school.year_starts:
            yield from _check_dates(pupil, year_starts=book.school.year_starts)
        if pupil.snils and (first := by_snils.setdefault(pupil.snils, pupil)) is not pupil:
            message = f"СНИЛС {pupil.snils} уже стоит в строке {first.row} ({first.name})."
            yield problem(pupil, "snils", message, "Сверьте оба номера с документами.")
        if pupil.born_on:
            key = (match_key(str(pupil.name)), pupil.born_on)
            if (first := by_birth.setdefault(key, pupil)) is not pupil:
                message = f"{pupil.name} с той же датой рождения уже есть в строке {first.row}."
                yield problem(pupil, "last_name", message, "Если это один человек, оставьте одну строку.")


def _check_class_is_given(pupil: PupilRow) -> Iterator[Problem]:
    """An extern is in no class; whoever else is not, was forgotten."""
    if not pupil.typed.get("school_class") and pupil.form and not pupil.is_extern:
        mend = "Укажите класс; без класса может быть только семейная форма или самообразование."
        yield problem(pupil, "school_class", "Не указан класс обучающегося.", mend)


def _check_dates(pupil: PupilRow, *, year_starts: int) -> Iterator[Problem]:
    first_day, last_day = date(year_starts, 9, 1), date(year_starts + 1, 8, 31)
    if pupil.born_on:
        age = _age(pupil.born_on, on=first_day)
        if not LEAST_AGE <= age <= GREATEST_AGE:
            years = counted(max(age, 0), "год", "года", "лет")
            message = f"Родившемуся {short_date(pupil.born_on)} на 1 сентября {year_starts} года {years}."
            mend = f"Исправьте дату: ожидается возраст от {LEAST_AGE} до {GREATEST_AGE} лет."
            yield problem(pupil, "born_on", message, mend)
    if pupil.enrolled_on and pupil.enrolled_on > last_day:
        message = f"Зачисление {short_date(pupil.enrolled_on)} — после конца учебного года."
        yield problem(pupil, "enrolled_on", message, f"Введите дату не позже {short_date(last_day)}.")
    elif pupil.enrolled_on and pupil.born_on and pupil.enrolled_on <= pupil.born_on < first_day:
        yield problem(pupil, "enrolled_on", "Зачисление раньше рождения.", "Исправьте одну из дат.")


def _age(born_on: date, *, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _check_plan(plan: IndividualPlanRow, directories: Directories) -> Iterator[Problem]:
    yield from directories.pupils.check(plan, "pupil_number", plan.pupil_number)
    yield from _check_name(plan, directories)
    yield from directories.subjects.check(plan, "subject", plan.subject)
    yield from directories.employees.check(plan, "teacher", plan.teacher)
    if plan.teacher is None:
        message = f"{plan.pupil_name or plan.pupil_number}, {plan.subject}: учитель не назначен."
        yield problem(plan, "teacher", message, _VACANCY_MEND, severity=WARNING)


def _check_subgroup(subgroup: SubgroupRow, directories: Directories) -> Iterator[Problem]:
    yield from directories.check_class(subgroup, subgroup.school_class)
    yield from directories.pupils.check(subgroup, "pupil_number", subgroup.pupil_number)
    yield from _check_name(subgroup, directories)
    yield from directories.subjects.check(subgroup, "subject", subgroup.subject)
    pupil = directories.pupils.find(subgroup.pupil_number)
    if pupil and subgroup.school_class and pupil.school_class and pupil.school_class != subgroup.school_class:
        message = (
            f"Обучающийся {pupil.number} ({pupil.name}) — из класса {pupil.school_class}, а не {subgroup.school_class}."
        )
        yield problem(subgroup, "school_class", message, "Исправьте класс здесь или на листе «Обучающиеся».")


def _check_name(row: IndividualPlanRow | SubgroupRow, directories: Directories) -> Iterator[Problem]:
    """The name beside a number guards against a wrong number: «Фамилия Имя», with or without the middle name."""
    pupil = directories.pupils.find(row.pupil_number)
    if pupil is None or not (row.pupil_name and pupil.last_name and pupil.first_name):
        return
    listed = match_key(str(pupil.name))
    short = match_key(f"{pupil.last_name} {pupil.first_name}")
    if match_key(row.pupil_name) not in (listed, short):
        message = f"Под номером {pupil.number} записан другой обучающийся: {pupil.name}."
        yield problem(row, "pupil_name", message, "Исправьте номер или имя, чтобы они были об одном человеке.")


def _check_past_result(
    result: PastResultRow, directories: Directories, *, year_starts: int | None
) -> Iterator[Problem]:
    yield from directories.pupils.check(result, "pupil_number", result.pupil_number)
    yield from directories.subjects.check(result, "subject", result.subject)
    if year_starts and result.year_starts and result.year_starts >= year_starts:
        message = f"{school_year_label(result.year_starts)} — не прошлый учебный год."
        yield problem(result, "year_starts", message, "Здесь только годы до того, что указан на листе «Школа».")
    subject = directories.subjects.find(result.subject)
    if result.mark and subject and subject.scale:
        scale = SCALES[subject.scale]
        allowed = scale.values + (ABSENT_WORDS if scale.values else PASSED_WORDS + ABSENT_WORDS)
        if result.mark not in allowed:
            message = f"Отметки «{result.mark}» нет в шкале предмета «{subject.title}» ({scale.title})."
            yield problem(result, "mark", message, f"Допустимо: {', '.join(allowed)}.")
