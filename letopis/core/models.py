"""Plumbing tables: jobs a person waits for."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Coded(models.Model):
    """A row that addresses name by its code, never by its primary key."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Job(Coded):
    """A long piece of work that somebody waits for, with its state and progress.

    core lies below org and accounts, so the organisation and the person are values, not foreign keys.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("в очереди")
        RUNNING = "RUNNING", _("выполняется")
        DONE = "DONE", _("готово")
        FAILED = "FAILED", _("не получилось")

    organisation_code = models.UUIDField()
    kind = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    error = models.CharField(max_length=500, blank=True)
    arguments = models.JSONField(default=dict)
    started_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_code", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
