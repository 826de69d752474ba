"""Deals, taken in from tables (see `kit.imports`)."""
