"""The ledger's tables. Triggers keep Entry and Payload as they were written (see triggers.py)."""

from django.db import models


class Entry(models.Model):
    """One recorded change, with opaque names only; what was said stands in its Payload.

    organisation: code of the organisation. actor, on_behalf_of, object: «app.Model:id».
    commitment = SHA-256(salt ‖ body); leaf = SHA-256(0x00 ‖ header with the commitment).
    """

    organisation = models.UUIDField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    object = models.CharField(max_length=64)
    verb = models.CharField(max_length=64)
    commitment = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["object"], name="ledger_entry_object")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object}"


class Payload(models.Model):
    """What an entry says, as the very bytes that were hashed; never re-serialised."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    salt = models.BinaryField(max_length=16)
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class Pending(models.Model):
    """An entry that waits for its place in the tree. Written in the transaction of the change itself."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="pending")
    organisation = models.UUIDField()

    class Meta:
        verbose_name_plural = "pending"

    def __str__(self) -> str:
        return f"pending {self.entry_id}"


class Blanking(models.Model):
    """The executed act that allows the payload of an entry to be destroyed; the proof still stands."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="blanking")
    act = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"blanking of {self.entry_id} by {self.act}"
