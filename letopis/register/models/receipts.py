"""Receipts of saves."""

from django.db import models

from letopis.accounts.models import User
from letopis.org.models import Organisation


class SaveReceipt(models.Model):
    """The answer to a save of the grid by the key of its page: a request sent twice is done once and answered twice."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="register_save_receipt_once"),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
