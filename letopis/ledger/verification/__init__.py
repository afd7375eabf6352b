"""Verification of the ledger: everything is hashed again from what is stored, and what differs is named."""
