"""Questionnaires in the browser: building, sending, answering, reading."""
