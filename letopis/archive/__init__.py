"""Packages: OCFL objects whose version content is a BagIt bag."""
