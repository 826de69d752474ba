"""Accounts, contacts, products and users, taken in from tables (see `kit.imports`)."""
