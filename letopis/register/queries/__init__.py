"""Reads of the register that span models."""
