"""Who was at the lesson, why not, and the papers that say so."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Person, Pupil
from letopis.register.models.lessons import Lesson
from letopis.schooling.models.dated import ends_after_start


class AbsenceReason(models.TextChoices):
    """Why a pupil was absent; set later by the class teacher or by a document."""

    NOT_SET = "NOT_SET", _("причина не указана")
    ILL = "ILL", _("болезнь")
    VALID = "VALID", _("уважительная причина")
    UNEXCUSED = "UNEXCUSED", _("без уважительной причины")


class AbsenceDocument(Coded):
    """A paper with dates that sets the reason of every absence in them, also of one entered later (C-011)."""

    class Kind(models.TextChoices):
        MEDICAL = "MEDICAL", _("справка медицинской организации")
        SANATORIUM = "SANATORIUM", _("санаторий")
        ORDER = "ORDER", _("приказ (соревнования, олимпиада, поездка)")
        APPLICATION = "APPLICATION", _("заявление родителей")
        OTHER = "OTHER", _("другой документ")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="absence_documents")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    reason = models.CharField(max_length=9, choices=AbsenceReason.choices)
    number = models.CharField(max_length=40, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    entered_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [ends_after_start("register_absence_document_ends_after_start")]
        indexes = [models.Index(fields=["pupil", "starts_on"], name="register_absence_doc_pupil")]

    def __str__(self) -> str:
        return f"absence document {self.pk}"


class Attendance(models.Model):
    """The event of a pupil at a lesson. No row, or PRESENT after a correction, is a pupil who was there."""

    class Event(models.TextChoices):
        PRESENT = "PRESENT", _("на уроке")
        ABSENT = "ABSENT", _("нет на уроке")
        LATE = "LATE", _("опоздание")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="attendances")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="attendances")
    event = models.CharField(max_length=7, choices=Event.choices)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=9, choices=AbsenceReason.choices, default=AbsenceReason.NOT_SET)
    put_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    put_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    """About this pupil at this lesson; a pupil who was there may have a row for the note alone."""
    document = models.ForeignKey(
        AbsenceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    """What the reason rests on."""
    reason_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "pupil"], name="register_attendance_once"),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(event="LATE"), name="register_attendance_minutes_of_lateness"
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class AbsenceNotice(Coded):
    """What a family wrote: the child will not come. A suggestion until the class teacher confirms it."""

    class State(models.TextChoices):
        NEW = "NEW", _("не рассмотрено")
        ACCEPTED = "ACCEPTED", _("принято")
        DECLINED = "DECLINED", _("не принято")
        WITHDRAWN = "WITHDRAWN", _("отозвано")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="absence_notices")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=9, choices=AbsenceReason.choices)
    text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.NEW)
    decided_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [ends_after_start("register_absence_notice_ends_after_start")]
        indexes = [models.Index(fields=["pupil", "starts_on"], name="register_absence_notice_pupil")]

    def __str__(self) -> str:
        return f"absence notice {self.pk}"
