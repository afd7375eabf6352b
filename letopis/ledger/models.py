"""The ledger's tables. Triggers keep all but Pending as they were written (see triggers.py)."""

from urllib.parse import urlsplit

from django.db import models

from letopis.core.models import Coded


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
        indexes = [
            models.Index(fields=["object"], name="ledger_entry_object"),
            # The report of events asks for a period of one organisation.
            models.Index(fields=["organisation", "at"], name="ledger_entry_moment"),
        ]

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


class Leaf(models.Model):
    """The place of an entry in the tree of its organisation, given once by the sequencer. Not the order of the clock.

    hash: the leaf of the entry as it was when it got its place. Kept apart from the entry, so that a forged entry is
    named exactly, and read by proofs without opening the entries.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="place")
    organisation = models.UUIDField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "leaves"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "index"], name="ledger_leaf_once_per_place"),
        ]

    def __str__(self) -> str:
        return f"leaf {self.index}"


class Subtree(models.Model):
    """The hash of a complete subtree of `2 ** level` leaves, from the level of a block up (see tree.py)."""

    organisation = models.UUIDField()
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "level", "index"], name="ledger_subtree_once"),
        ]

    def __str__(self) -> str:
        return f"subtree {self.level}/{self.index}"


class Checkpoint(Coded):
    """A signed statement of the size and the root of a tree. The note is the text that was signed, with its signature.

    An organisation has at most one of a size: where nothing was added there is nothing to sign.
    """

    organisation = models.UUIDField()
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "size"], name="ledger_checkpoint_once_per_size"),
        ]

    @property
    def root_groups(self) -> list[str]:
        """The root in groups of four, as people compare it."""
        digest = bytes(self.root).hex()
        return [digest[at : at + 4] for at in range(0, len(digest), 4)]

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"


class TimeStamp(Coded):
    """What a service of time stamps (RFC 3161) answered about the text of a checkpoint.

    service: address that was asked. nonce: decimal digits, as we sent it. at: the time it states.
    reply: its whole answer in DER with the token in it, as it came; openssl reads it.
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="stamps")
    service = models.CharField(max_length=200)
    nonce = models.CharField(max_length=60)
    at = models.DateTimeField()
    reply = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "service"], name="ledger_stamp_once_per_service"),
        ]

    @property
    def service_name(self) -> str:
        """The host of the service, as people call it."""
        return urlsplit(self.service).netloc

    def __str__(self) -> str:
        return f"time stamp of {self.service_name}"


class SigningKey(models.Model):
    """A public key of this installation, from its first checkpoint on; the history of keys, in their order.

    number: 1, 2, … public: 32 bytes. handover: the signed note by which it took the place of the one before, empty for
    the first. is_predecessor_lost: the old key could not sign that note.
    """

    number = models.PositiveIntegerField(unique=True)
    public = models.BinaryField(max_length=32)
    since = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    is_predecessor_lost = models.BooleanField(default=False)
    handover = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"signing key {self.number}"
