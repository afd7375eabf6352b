"""Persons and what they are to the school."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from letopis.accounts.models import User
from letopis.core.models import Coded
from letopis.org.models import LocalAct, Organisation
from letopis.rules import names


class Person(Coded):
    """One row per human being, whatever roles they hold.

    sort_key and search_key are made in Python by `named`, because neither database sorts or
    searches Cyrillic as a school does.
    """

    class Sex(models.TextChoices):
        MALE = "M", _("мужской")
        FEMALE = "F", _("женский")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")
    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80)
    middle_name = models.CharField(max_length=80, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    born_on = models.DateField(null=True, blank=True)
    snils = models.CharField(max_length=14, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    sort_key = models.CharField(max_length=250)
    search_key = models.CharField(max_length=250)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "snils"], condition=~Q(snils=""), name="people_person_snils_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "sort_key"], name="people_person_sort")]

    def __str__(self) -> str:
        return f"person {self.pk}"

    def rename(self, *, last_name: str, first_name: str, middle_name: str) -> None:
        """Set the name together with the keys made from it; the caller saves."""
        self.last_name, self.first_name, self.middle_name = last_name, first_name, middle_name
        self.sort_key = names.sort_key(last_name, first_name, middle_name)
        self.search_key = names.search_key(last_name, first_name, middle_name)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.middle_name) if part)

    @property
    def short_name(self) -> str:
        return names.short_name(self.last_name, self.first_name, self.middle_name)


class Pupil(Coded):
    """A person enrolled in the school, now or once, with a number in the alphabet book."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="pupil")
    book_number = models.CharField(max_length=16)
    has_special_needs = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "book_number"], name="people_pupil_book_number_once"),
        ]

    def __str__(self) -> str:
        return f"pupil {self.book_number}"


class EducationForm(models.TextChoices):
    """Form of education (ORG-012); FAMILY and SELF are externs: attached, in no class list (C-006)."""

    FULL_TIME = "FULL_TIME", _("очная")
    PART_TIME = "PART_TIME", _("очно-заочная")
    CORRESPONDENCE = "CORRESPONDENCE", _("заочная")
    FAMILY = "FAMILY", _("семейная")
    SELF = "SELF", _("самообразование")
    HOME = "HOME", _("обучение на дому")


EXTERN_FORMS = (EducationForm.FAMILY, EducationForm.SELF)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def on(self, day: date) -> "EnrolmentQuerySet":
        """Stays in force on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Enrolment(models.Model):
    """A dated stay of a pupil in the school in one form of education; a change of form closes one and opens the next.

    Which class he is in is schooling.Membership: people lies below classes.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="enrolments")
    form = models.CharField(max_length=14, choices=EducationForm.choices, default=EducationForm.FULL_TIME)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    order = models.CharField(max_length=200, blank=True)
    leaving_reason = models.CharField(max_length=200, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="people_enrolment_ends_after_start"
            ),
            models.UniqueConstraint(fields=["pupil", "starts_on"], name="people_enrolment_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Employee(Coded):
    """A person who works in the school."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="employee")
    number = models.CharField(max_length=16)
    position = models.CharField(max_length=120)
    subjects = models.CharField(max_length=300, blank=True)
    dismissed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="people_employee_number_once"),
        ]

    def __str__(self) -> str:
        return f"employee {self.number}"


class Guardian(Coded):
    """A person with legal authority over a pupil."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="guardian")

    def __str__(self) -> str:
        return f"guardian {self.pk}"


class Guardianship(models.Model):
    """The link of a guardian to a pupil, with the way this guardian wants to be informed."""

    class Informing(models.TextChoices):
        ACCOUNT = "ACCOUNT", _("личный кабинет")
        SMS = "SMS", _("СМС")
        EMAIL = "EMAIL", _("эл. почта")
        PAPER = "PAPER", _("бумажная выписка")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="guardianships")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="guardianships")
    relation = models.CharField(max_length=40)
    informing = models.CharField(max_length=7, choices=Informing.choices, default=Informing.ACCOUNT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guardian", "pupil"], name="people_guardianship_once"),
        ]

    def __str__(self) -> str:
        return f"guardianship {self.pk}"


class Consent(models.Model):
    """A guardian's decision on the child's personal data: given, refused or withdrawn on a day (C-015)."""

    class State(models.TextChoices):
        GIVEN = "GIVEN", _("согласие")
        REFUSED = "REFUSED", _("отказ")
        WITHDRAWN = "WITHDRAWN", _("отозвано")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    guardianship = models.ForeignKey(Guardianship, on_delete=models.PROTECT, related_name="consents")
    state = models.CharField(max_length=9, choices=State.choices)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guardianship", "on"], name="people_consent_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class ActAcquaintance(models.Model):
    """An employee said, or signed on paper, that he knows a local act (ORG-005, ORG-B040)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(LocalAct, on_delete=models.PROTECT, related_name="acquaintances")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="acquaintances")
    known_on = models.DateField()
    on_paper = models.BooleanField(default=False)
    """Signed on paper and entered by the office; else the employee's own electronic mark."""
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "employee"], name="people_act_acquaintance_once"),
        ]

    def __str__(self) -> str:
        return f"acquaintance {self.pk}"
