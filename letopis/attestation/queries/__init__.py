"""Reads of results that span tables."""
