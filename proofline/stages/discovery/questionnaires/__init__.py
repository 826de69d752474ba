"""Questionnaires: built here, answered behind a link, read as needs. See README.md of the room."""
