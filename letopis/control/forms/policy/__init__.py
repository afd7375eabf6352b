"""The form of a new edition of the policy: made of the variables themselves, section by section.

No variable has a form of its own: how it is typed follows from its kind (`inputs`), what was typed becomes plain data
of the codec (`reading`), and the codec judges it. A new variable of the policy is on the page by itself.
"""

from letopis.control.forms.policy.section import RuleField, SectionForm

__all__ = ["RuleField", "SectionForm"]
