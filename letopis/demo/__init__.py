"""The demo school: a year that is over and archived, and one that is under way, up to any day.

Stands above every app, because it uses their verbs from the import to the package (docs/decisions/0006-demo.md).
"""
