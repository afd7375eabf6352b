"""Import of a school's workbook."""
