"""The fixed cast: the same people, by role, in every test that needs more than one of them.

The school is small and whole: class 8А with six pupils and two English subgroups, class 7А with two pupils,
a timetable of Mondays and Fridays, lessons from 2 November to 27 November 2026. Today is Monday, 16 November 2026.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client

from letopis.accounts.models import Appointment, Role, User
from letopis.org.models import Organisation
from letopis.people.access import Actor, actor_of, load_user
from letopis.people.models import Consent, Employee, Guardianship, Pupil
from letopis.register.models import Lesson, Task
from letopis.schooling.models import AcademicYear, Course, GroupKind, SchoolClass, Term
from tests import factories as make

TODAY = date(2026, 11, 16)
FIRST_LESSON_DAY, LAST_LESSON_DAY = date(2026, 11, 2), date(2026, 11, 27)

MEMBERS = (
    "teacher", "substitute", "class_teacher", "deputy", "director", "clerk", "archivist", "administrator",
    "mother", "father", "pupil", "other_parent", "dismissed", "foreign_teacher",
)  # fmt: skip


@dataclass
class Cast:
    """The school and its people. `client("teacher")` is signed in, `actor("teacher")` is what actions take."""

    organisation: Organisation
    year: AcademicYear
    term: Term
    class_8a: SchoolClass
    class_7a: SchoolClass
    algebra: Course
    russian: Course
    english_1: Course
    english_2: Course
    pupils: list[Pupil]
    """The six pupils of 8А in the order of the list."""
    polina: Pupil
    teacher: Employee
    class_teacher: Employee
    substitute: Employee
    lessons: list[Lesson]
    """Algebra of 8А, in order of date."""
    today_lesson: Lesson
    users: dict[str, User] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def actor(self, member: str) -> Actor:
        return actor_of(load_user(self.users[member].pk), today=TODAY)

    def client(self, member: str) -> Client:
        client = Client()
        client.force_login(self.users[member], backend="letopis.people.backends.PersonBackend")
        return client


def make_cast() -> Cast:
    """Build the school of the cast."""
    school = make.make_organisation()
    year = make.make_year(school)
    teacher = make.make_employee(school, "Копылова Мария Андреевна", username="kopylova", position="Учитель математики")
    substitute = make.make_employee(school, "Орлова Татьяна Павловна", username="orlova")
    class_teacher = make.make_employee(school, "Зайцева Арина Алексеевна", username="zaitseva")
    dismissed = make.make_employee(
        school, "Хохлов Фёдор Григорьевич", username="khokhlov", dismissed_on=date(2026, 10, 1)
    )
    offices = {
        "director": ("Нечаева Милана Магомедовна", "nechaeva", Role.DIRECTOR, "Директор"),
        "deputy": ("Хабибуллина Диана Тимофеевна", "khabibullina", Role.DEPUTY, "Заместитель директора"),
        "clerk": ("Лапшина Дарья Руслановна", "lapshina", Role.CLERK, "Секретарь"),
        "archivist": ("Берёзова Виктория Ярославовна", "berezova", Role.ARCHIVIST, "Ответственный за архив"),
        "administrator": ("Березина Татьяна Егоровна", "berezina", Role.ADMINISTRATOR, "Администратор журнала"),
    }
    users = {
        "teacher": teacher.person.user,
        "substitute": substitute.person.user,
        "class_teacher": class_teacher.person.user,
        "dismissed": dismissed.person.user,
    }
    for member, (name, username, role, position) in offices.items():
        employee = make.make_employee(school, name, username=username, position=position)
        users[member] = employee.person.user
        Appointment.objects.create(
            organisation=school, user=employee.person.user, role=role, starts_on=date(2025, 9, 1), basis="Приказ № 1-к"
        )

    class_8a = make.make_class(year, 8, "А", teacher=class_teacher)
    class_7a = make.make_class(year, 7, "А", teacher=substitute)
    pupils = [
        make.make_pupil(school, name, username=username)
        for name, username in (
            ("Антонова Дарья Ильинична", ""),
            ("Белов Тимофей Маркович", ""),
            ("Ершова Полина Сергеевна", "ershova"),
            ("Ёлкин Глеб Романович", ""),
            ("Журавлёв Степан Львович", ""),
            ("Зимина Ксения Олеговна", ""),
        )
    ]
    polina = pupils[2]
    # By the school's order ё stands beside е: Ёлкин comes before Ершова.
    pupils[2], pupils[3] = pupils[3], pupils[2]
    younger = [make.make_pupil(school, name) for name in ("Власов Илья Петрович", "Громова Яна Юрьевна")]
    make.join(make.whole_class(class_8a), *pupils)
    make.join(make.whole_class(class_7a), *younger)

    mother = make.make_guardian(polina, "Ершова Анна Викторовна", username="mother")
    father = make.make_guardian(polina, "Ершов Сергей Олегович", username="father", relation="отец")
    other = make.make_guardian(pupils[1], "Белова Ольга Игоревна", username="belova")
    users |= {
        "mother": mother.person.user,
        "father": father.person.user,
        "pupil": polina.person.user,
        "other_parent": other.person.user,
    }
    for guardian, state in (
        (mother, Consent.State.GIVEN),
        (father, Consent.State.REFUSED),
        (other, Consent.State.GIVEN),
    ):
        Consent.objects.create(
            organisation=school,
            guardianship=Guardianship.objects.get(guardian=guardian),
            state=state,
            on=date(2026, 8, 28),
        )

    algebra = make.make_course(make.whole_class(class_8a), make.make_subject(school, "Алгебра"), teacher=teacher)
    russian = make.make_course(
        make.whole_class(class_8a), make.make_subject(school, "Русский язык"), teacher=class_teacher
    )
    english = make.make_subject(school, "Иностранный язык (английский)")
    groups = [make.make_group(class_8a, GroupKind.SUBGROUP, f"{number} подгруппа") for number in (1, 2)]
    make.join(groups[0], *pupils[:3])
    make.join(groups[1], *pupils[3:])
    english_1 = make.make_course(groups[0], english, teacher=substitute)
    english_2 = make.make_course(groups[1], english, teacher=class_teacher)

    edition = make.make_edition(year)
    for weekday in (1, 5):
        make.make_slot(edition, algebra, weekday, 2, teacher=teacher)
    make.make_slot(edition, russian, 1, 3, teacher=class_teacher, room="205")
    make.make_slot(edition, english_1, 1, 4, teacher=substitute, room="101")
    make.make_slot(edition, english_2, 1, 4, teacher=class_teacher, room="102")
    lessons = _make_lessons(edition)

    foreign = make.make_organisation("other", "МАОУ «СОШ № 5»")
    stranger = make.make_employee(foreign, "Чужова Вера Павловна", username="chuzhova")
    users["foreign_teacher"] = stranger.person.user

    return Cast(
        organisation=school,
        year=year,
        term=Term.objects.get(year=year, kind=Term.Kind.QUARTER, number=2),
        class_8a=class_8a,
        class_7a=class_7a,
        algebra=algebra,
        russian=russian,
        english_1=english_1,
        english_2=english_2,
        pupils=pupils,
        polina=polina,
        teacher=teacher,
        class_teacher=class_teacher,
        substitute=substitute,
        lessons=[lesson for lesson in lessons if lesson.course_id == algebra.pk],
        today_lesson=next(lesson for lesson in lessons if lesson.course_id == algebra.pk and lesson.on == TODAY),
        users=users,
    )


def _make_lessons(edition: Any) -> list[Lesson]:
    lessons = []
    for offset in range((LAST_LESSON_DAY - FIRST_LESSON_DAY).days + 1):
        day = FIRST_LESSON_DAY + timedelta(days=offset)
        for slot in edition.slots.filter(weekday=day.isoweekday()).order_by("number", "pk"):
            lesson = Lesson.objects.create(
                organisation=edition.organisation,
                course=slot.course,
                on=day,
                number=slot.number,
                teacher=slot.teacher,
                room=slot.room,
            )
            Task.objects.create(organisation=edition.organisation, lesson=lesson)
            lessons.append(lesson)
    return lessons
