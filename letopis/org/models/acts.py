"""The register of local acts, decisions of collegiate bodies, and editions of the school's policy."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models.organisation import Organisation


class CollegiateDecision(Coded):
    """What a council or a meeting decided, as other records cite it (ORG-007)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=120)
    """«педагогический совет», «общее собрание работников», «экспертная комиссия»."""
    protocol_number = models.CharField(max_length=40)
    decided_on = models.DateField()
    item = models.CharField(max_length=20, blank=True)
    """Item of the protocol."""
    text = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)
    """Who entered it, by name and office."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "body", "protocol_number", "decided_on", "item"], name="org_decision_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "decided_on"], name="org_decision_day")]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class LocalAct(Coded):
    """One version of a local act. An amendment is a new row that supersedes it (ORG-002…004, ORG-B040)."""

    class Kind(models.TextChoices):
        REGULATION = "REGULATION", _("положение")
        ORDER = "ORDER", _("приказ")
        INSTRUCTION = "INSTRUCTION", _("инструкция")
        PROCEDURE = "PROCEDURE", _("регламент")
        PLAN = "PLAN", _("план")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("проект")
        IN_FORCE = "IN_FORCE", _("принят")
        WITHDRAWN = "WITHDRAWN", _("отменён")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.REGULATION)
    title = models.CharField(max_length=500)
    number = models.CharField(max_length=40, blank=True)
    dated = models.DateField(null=True, blank=True)
    """The date that stands on the act."""
    registration_number = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    adopted_by = models.CharField(max_length=120, blank=True)
    """The body that adopted it."""
    adopted_on = models.DateField(null=True, blank=True)
    decision = models.ForeignKey(
        CollegiateDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="acts"
    )
    approved_by = models.CharField(max_length=200, blank=True)
    """Who approved it, by name and office."""
    order_number = models.CharField(max_length=40, blank=True)
    order_date = models.DateField(null=True, blank=True)
    agreed_with = models.JSONField(default=list)
    """With whom it was agreed, in words: governing council, founder, councils of pupils and of parents (C-020)."""
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    """The last day; None = indefinite, until superseded (ORG-004)."""
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    """The version before it."""
    is_published = models.BooleanField(default=False)
    """Marked for the school's site (ORG-006)."""
    text = models.TextField(blank=True)
    file = models.CharField(max_length=200, blank=True)
    """Path of the stored scan or document under the files of the product."""
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    file_digest = models.CharField(max_length=64, blank=True)
    must_be_known = models.BooleanField(default=True)
    """Whether the staff are asked to say that they know it (ORG-005)."""
    prepared = models.JSONField(default=dict, blank=True)
    """What a draft is to decide of the policy: {"stated": …, "made_from": …} as in PolicyEdition. Empty for other acts;
    kept beside the edition when the act is adopted."""
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_from=None) | Q(in_force_to__gte=F("in_force_from")),
                name="org_local_act_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="IN_FORCE") | Q(in_force_from__isnull=False), name="org_local_act_in_force_has_day"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "in_force_from"], name="org_local_act_day")]

    def __str__(self) -> str:
        return f"local act {self.pk}"


class PolicyEdition(Coded):
    """What one local act decides of the policy, from a day on. Never edited: a new act makes a new edition."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(LocalAct, on_delete=models.PROTECT, related_name="editions")
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True, blank=True)
    """The last day; None = until the next edition. That of the act, where it has one; brought forward when the act
    loses force earlier, or a later edition begins earlier."""
    stated = models.JSONField()
    """Name of variable → {"value": plain value (rules.policy.codec), "clause": …, "note": …}: what the act says."""
    made_from = models.CharField(max_length=40, blank=True)
    """Which shipped act it was made from, if any: «model»."""
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "in_force_from"], name="org_policy_edition_once_a_day"),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="org_policy_edition_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"policy edition {self.pk}"
