"""Forms of teaching groups, of who teaches what, of individual plans and of arrival."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.people.models import EXTERN_FORMS, EducationForm, Employee, Person, Pupil
from letopis.schooling.actions.groups import NewSubject
from letopis.schooling.models import CourseKind, CourseLevel, Scale, SchoolClass, StudyGroup, Subject
from letopis.schooling.queries.classes import group_title

VACANCY = "vacancy"
GROUP_COURSES = (
    CourseKind.EXTRACURRICULAR,
    CourseKind.ADDITIONAL,
    CourseKind.EXTENDED_DAY,
    CourseKind.ELECTIVE,
    CourseKind.OPTIONAL,
    CourseKind.OF_CHOICE,
)
ORDER_HINT = _("Номер и дата.")


def day_field(label: Any, help_text: Any = "", **options: Any) -> forms.DateField:
    """Return a field of a day, as the browser's calendar gives it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, widget=widget, **options)


class _WithTeacher(forms.Form):
    """A form that chooses one of those who work in the school."""

    def __init__(self, *args: Any, employees: Iterable[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employees = {str(one.code): one for one in employees}
        names = [(code, one.person.full_name) for code, one in self.employees.items()]
        field: Any = self.fields["teacher"]
        field.choices = [("", "—"), (VACANCY, _("вакансия")), *names]

    def clean_teacher(self) -> Employee | None:
        return self.employees.get(self.cleaned_data["teacher"])


class NewGroupForm(_WithTeacher):
    """A group that no class has, with its course."""

    course_kind = forms.ChoiceField(
        label=_("Что это"),
        choices=[*((kind.value, kind.label) for kind in GROUP_COURSES), (CourseKind.COMPULSORY.value, _("поток"))],
        help_text=_("От этого зависит, в каком журнале группа ведётся и как он печатается."),
    )
    name = forms.CharField(label=_("Название группы"), max_length=80, help_text=_("Например: «Шахматы, 5–7 классы»."))
    subject = forms.CharField(
        label=_("Предмет, курс или программа"),
        max_length=120,
        help_text=_("Выберите из списка или впишите новое название."),
        widget=forms.TextInput(attrs={"list": "subjects", "autocomplete": "off"}),
    )
    scale = forms.ChoiceField(
        label=_("Оценивание нового курса"),
        required=False,
        choices=[("", _("как принято для этого вида")), *Scale.choices],
        help_text=_("У предмета, который уже есть, оценивание не меняется."),
    )
    level = forms.ChoiceField(label=_("Уровень"), choices=CourseLevel.choices, initial=CourseLevel.BASIC)
    weekly_hours = forms.DecimalField(
        label=_("Часов в неделю"), max_digits=4, decimal_places=2, min_value=Decimal("0.25"), max_value=40
    )
    teacher = forms.ChoiceField(label=_("Кто ведёт"))
    starts_on = day_field(_("С какого дня"))
    order = forms.CharField(label=_("Приказ"), max_length=200, required=False, help_text=ORDER_HINT)

    def __init__(self, *args: Any, subjects: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = list(subjects)

    def values(self) -> dict[str, Any]:
        """Return what the verb takes."""
        cleaned = dict(self.cleaned_data)
        return cleaned | {"subject": NewSubject(cleaned["subject"], cleaned.pop("scale"))}


class JoinForm(forms.Form):
    """Which pupils, from which day, on what basis."""

    on = day_field(_("С какого дня"))
    order = forms.CharField(label=_("Основание"), max_length=200, required=False, help_text=_("Приказ или заявление."))


class LeaveGroupForm(forms.Form):
    """From which day a pupil is in the group no more."""

    on = day_field(_("С какого дня"), _("Первый день, когда обучающегося в группе уже нет."))
    order = forms.CharField(label=_("Основание"), max_length=200, required=False)


class CloseGroupForm(forms.Form):
    """From which day the group does not meet."""

    on = day_field(_("С какого дня группа не занимается"))
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=ORDER_HINT)


class LessonForm(forms.Form):
    """One lesson beside the timetable."""

    on = day_field(_("День"))
    number = forms.IntegerField(
        label=_("Номер занятия"),
        min_value=1,
        max_value=15,
        help_text=_("Каким по счёту в этот день; после уроков — 8 и дальше."),
    )


class WeekForm(forms.Form):
    """Lessons of every week from a day to a day."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Дни недели"),
        coerce=int,
        choices=[(1, _("пн")), (2, _("вт")), (3, _("ср")), (4, _("чт")), (5, _("пт")), (6, _("сб"))],
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.IntegerField(label=_("Номер занятия"), min_value=1, max_value=15)
    first = day_field(_("С какого дня"))
    last = day_field(_("По какой день"), _("Праздники и каникулы пропускаются."))


class GiveCourseForm(_WithTeacher):
    """To whom a course goes, from which day, by which order."""

    teacher = forms.ChoiceField(label=_("Новый учитель"))
    starts_on = day_field(_("С какого дня"), _("Прежний учитель ведёт до дня накануне."))
    replaces = forms.ChoiceField(label=_("Вместо кого"), required=False)
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=ORDER_HINT)

    def __init__(self, *args: Any, present: Iterable[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = [(str(one.code), one.person.full_name) for one in present]
        if len(now) > 1:
            field: Any = self.fields["replaces"]
            field.choices = [("", _("вместо всех")), *now]
        else:
            del self.fields["replaces"]

    def clean_replaces(self) -> Employee | None:
        return self.employees.get(self.cleaned_data["replaces"])


class LevelForm(forms.Form):
    """How deep a subject is taught."""

    level = forms.ChoiceField(label=_("Уровень"), choices=CourseLevel.choices)


class LeaderForm(_WithTeacher):
    """Who leads a class from a day."""

    teacher = forms.ChoiceField(label=_("Классный руководитель"))
    starts_on = day_field(_("С какого дня"))
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=ORDER_HINT)

    def clean_teacher(self) -> Employee:
        found = super().clean_teacher()
        if found is None:
            raise forms.ValidationError(_("Выберите работника."))
        return found


class PlanLineForm(_WithTeacher):
    """A subject of an individual plan."""

    subject = forms.ChoiceField(label=_("Предмет"))
    weekly_hours = forms.DecimalField(
        label=_("Часов в неделю"), max_digits=4, decimal_places=2, min_value=Decimal("0.25"), max_value=40
    )
    teacher = forms.ChoiceField(label=_("Учитель"))
    level = forms.ChoiceField(label=_("Уровень"), choices=CourseLevel.choices, initial=CourseLevel.BASIC)
    starts_on = day_field(_("С какого дня"))
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=ORDER_HINT)

    def __init__(self, *args: Any, subjects: Iterable[Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = {str(one.code): one for one in subjects}
        field: Any = self.fields["subject"]
        field.choices = [("", "—"), *((code, one.name) for code, one in self.subjects.items())]

    def clean_subject(self) -> Subject:
        return self.subjects[self.cleaned_data["subject"]]


class EndLineForm(forms.Form):
    """From which day a subject is in the plan no more."""

    on = day_field(_("С какого дня"))
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=ORDER_HINT)


class ChangeForm(forms.Form):
    """Another form of education from a day."""

    form = forms.ChoiceField(label=_("Форма обучения"), choices=EducationForm.choices)
    on = day_field(_("С какого дня"))
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=ORDER_HINT)

    def __init__(self, *args: Any, today: date, present: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix="form", initial={"on": today}, **kwargs)  # type: ignore[misc]
        field: Any = self.fields["form"]
        field.choices = [choice for choice in EducationForm.choices if choice[0] != present]


class _Arrival(forms.Form):
    """What every arrival in a class names: day, order, form, subgroups."""

    on = day_field(_("С какого дня"), _("Первый день в классе."))
    order = forms.CharField(label=_("Приказ о зачислении"), max_length=200, help_text=ORDER_HINT)
    form = forms.ChoiceField(
        label=_("Форма обучения"), choices=[one for one in EducationForm.choices if one[0] not in EXTERN_FORMS]
    )
    groups = forms.MultipleChoiceField(
        label=_("Подгруппы"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("По одной на предмет.")
    )

    def __init__(self, *args: Any, subgroups: Iterable[StudyGroup], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)  # type: ignore[misc]
        self.subgroups = {str(one.code): one for one in subgroups}
        if self.subgroups:
            field: Any = self.fields["groups"]
            field.choices = [(code, group_title(one)) for code, one in self.subgroups.items()]
        else:
            del self.fields["groups"]

    def clean_groups(self) -> list[StudyGroup]:
        chosen = [self.subgroups[code] for code in self.cleaned_data["groups"]]
        if len({one.subject_id for one in chosen}) < len(chosen):
            raise forms.ValidationError(_("Отмечены две подгруппы одного предмета: оставьте одну."))
        return chosen


class NewPupilForm(_Arrival):
    """A child who was not in the alphabet book."""

    last_name = forms.CharField(label=_("Фамилия"), max_length=80)
    first_name = forms.CharField(label=_("Имя"), max_length=80)
    middle_name = forms.CharField(label=_("Отчество"), max_length=80, required=False)
    sex = forms.ChoiceField(label=_("Пол"), choices=[("", "—"), *Person.Sex.choices])
    born_on = day_field(_("Дата рождения"))
    book_number = forms.CharField(label=_("Номер в алфавитной книге"), max_length=16)
    has_special_needs = forms.BooleanField(label=_("Обучающийся с ОВЗ"), required=False)


class KnownPupilForm(_Arrival):
    """A pupil of the book who is in no class."""

    pupil = forms.ChoiceField(label=_("Обучающийся"))

    def __init__(self, *args: Any, pupils: Iterable[Pupil], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pupils = {str(one.code): one for one in pupils}
        field: Any = self.fields["pupil"]
        field.choices = [
            ("", "—"),
            *((code, f"{one.person.full_name}, {one.book_number}") for code, one in self.pupils.items()),
        ]

    def clean_pupil(self) -> Pupil:
        return self.pupils[self.cleaned_data["pupil"]]


class CombineForm(forms.Form):
    """Which classes are taught together."""

    classes = forms.MultipleChoiceField(label=_("Классы"), widget=forms.CheckboxSelectMultiple)
    order = forms.CharField(label=_("Приказ"), max_length=200, required=False, help_text=ORDER_HINT)

    def __init__(self, *args: Any, classes: Iterable[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = {str(one.code): one for one in classes}
        field: Any = self.fields["classes"]
        field.choices = [(code, one.title) for code, one in self.by_code.items()]

    def clean_classes(self) -> list[SchoolClass]:
        return [self.by_code[code] for code in self.cleaned_data["classes"]]


def codes_of(texts: Iterable[str]) -> list[UUID]:
    """Return the codes among these texts; what is none is passed over."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
