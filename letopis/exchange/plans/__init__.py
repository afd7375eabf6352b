"""Thematic plans from a workbook: a sheet is a subject and a grade, and goes to every course of them."""
