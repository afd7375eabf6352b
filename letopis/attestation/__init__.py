"""Year marks, council decisions and consolidated statements."""
