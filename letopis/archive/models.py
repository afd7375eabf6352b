"""What the archive knows of its packages; the packages themselves are files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation


class Package(Coded):
    """A self-describing set of files of one archived thing: an OCFL object in the storage root of the organisation."""

    class Kind(models.TextChoices):
        REGISTER = "REGISTER", _("журнал класса")
        STATEMENTS = "STATEMENTS", _("сводные ведомости")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="packages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    object_id = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    year_starts = models.PositiveSmallIntegerField()
    class_title = models.CharField(max_length=8, blank=True)
    path = models.CharField(max_length=300)
    """Folder of the object, relative to the storage root of all organisations."""
    version = models.PositiveSmallIntegerField()
    files = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    """Bytes of the payload of the newest version."""
    manifest_digest = models.CharField(max_length=128)
    remark = models.CharField(max_length=300, blank=True)
    """What the package says it lacks: «без решений педагогического совета»."""
    built_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    is_sound = models.BooleanField(null=True)
    """Result of the last check; empty when it was never checked."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "object_id"], name="archive_package_once"),
        ]

    def __str__(self) -> str:
        return self.object_id
