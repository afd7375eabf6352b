"""Reads of control: the day, the board."""
