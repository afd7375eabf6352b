"""The outbox: what the product tells a person, and how it is sent on.

Recipients and organisations are values, no foreign keys: any app may tell anybody something, and what is told is never
a reason that an account cannot go.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded


class NoticeQuerySet(models.QuerySet["Notice"]):
    def standing(self) -> "NoticeQuerySet":
        """Those that still say something true."""
        return self.filter(closed_at=None)

    def unread(self) -> "NoticeQuerySet":
        """Those the bell counts."""
        return self.standing().filter(read_at=None)


class Notice(Coded):
    """What one person is told. A newer one with its key takes its place; it closes when nothing is left to say."""

    class Kind(models.TextChoices):
        DUTIES = "DUTIES", _("что внести и до какого срока")
        SCHOOL = "SCHOOL", _("сроки администрации школы")
        REMARK = "REMARK", _("замечания")

    organisation_code = models.UUIDField()
    recipient = models.UUIDField()
    """Code of the accounts.User."""
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=120)
    """What it is about: «duties», «remark:<code>»."""
    title = models.CharField(max_length=200)
    """Goes by e-mail too, therefore names no child."""
    text = models.CharField(max_length=1500, blank=True)
    url = models.CharField(max_length=300)
    """Path of the page where it is dealt with."""
    created_at = models.DateTimeField()
    """When it was told, or told anew."""
    read_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notices_notice_once"),
            models.CheckConstraint(condition=Q(url__startswith="/"), name="notices_notice_leads_to_us"),
        ]
        indexes = [
            models.Index(
                fields=["recipient"],
                condition=Q(read_at=None, closed_at=None),
                name="notices_notice_unread",
            ),
            models.Index(fields=["organisation_code", "key"], name="notices_notice_key"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Delivery(models.Model):
    """A notice on its way by e-mail: when it is tried next, how often it was tried, whether it went."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    address = models.EmailField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    """None when it was sent, given up, or its notice closed before."""
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=120, blank=True)
    """Class of the last failure; never what the server said, which quotes addresses."""

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="notices_delivery_next"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
