"""Users and the roles they hold by appointment."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation


class Role(models.TextChoices):
    """Offices held by appointment. Teacher, class teacher, guardian and pupil come from assignment, not from here."""

    DIRECTOR = "DIRECTOR", _("директор")
    DEPUTY = "DEPUTY", _("заместитель директора")
    CLERK = "CLERK", _("секретарь")
    ARCHIVIST = "ARCHIVIST", _("ответственный за архив")
    ADMINISTRATOR = "ADMINISTRATOR", _("администратор журнала")


class UserManager(BaseUserManager["User"]):
    """Finds users by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser, Coded):
    """An account. Who it belongs to stands in people.Person, which points here."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    username = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    """The password was made by somebody else: nothing opens before the person has set one of his own."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: date) -> "AppointmentQuerySet":
        """Appointments in force on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Appointment(models.Model):
    """A role given to a user from a day, by an order; ended, never deleted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=16, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="accounts_appointment_ends_after_start"
            ),
            models.UniqueConstraint(fields=["user", "role", "starts_on"], name="accounts_appointment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class SignInAttempt(models.Model):
    """A wrong password for a name, kept for the half hour in which it can matter to a lock.

    The name is kept as a digest: people type their password into the field of the name. Names that nobody has are
    counted as well, so that a lock does not tell which names exist; therefore no organisation and no user.
    """

    name_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name_digest", "at"], name="accounts_attempt_of_name"),
            models.Index(fields=["at"], name="accounts_attempt_at"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"
