"""Pages of the school's rules: what is in force, editions compared, files, a new edition."""
