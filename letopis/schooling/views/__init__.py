"""Views of schooling."""
