"""Lessons, marks, attendance, homework and term marks."""
