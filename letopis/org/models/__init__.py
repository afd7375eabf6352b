"""Organisations, their local acts and what these acts decide."""

from letopis.org.models.acts import CollegiateDecision, LocalAct, PolicyEdition
from letopis.org.models.organisation import Organisation

__all__ = ["CollegiateDecision", "LocalAct", "Organisation", "PolicyEdition"]
