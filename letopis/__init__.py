"""Letopis: the electronic class register, diary, book of results and archive of a school."""

__version__ = "0.1.0"
