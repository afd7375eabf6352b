"""Organisations: everything belongs to exactly one."""
