"""Add-ons that the customer switches on and off in a proposal, and what becomes of it."""
