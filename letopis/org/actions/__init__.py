"""Verbs of organisations: open one; enter, adopt and withdraw its local acts; adopt its policy."""

from letopis.org.actions.organisation import open_organisation, system_author

__all__ = ["open_organisation", "system_author"]
