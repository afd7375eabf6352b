"""Content of the archived register of a class."""

from letopis.register.packages.register import register_unit

__all__ = ["register_unit"]
