"""Persons, pupils, guardians, employees, consents and the stay of a pupil in the school."""
