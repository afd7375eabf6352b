"""Verbs that span apps."""
