"""Notices: what the product tells a person, in the product and by e-mail."""
