"""The database half of the import: compare three ways, show, carry out.

plan.py compares a book with what was last imported and with what the product holds now; apply is actions.py above.
Each sheet has an adapter: how a row becomes values, what the product holds, how to create and change.
"""
