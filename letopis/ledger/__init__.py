"""Append-only record of every change."""
