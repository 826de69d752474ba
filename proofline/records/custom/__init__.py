"""Custom fields: what an administrator adds to main records in the browser (`models/custom.py` keeps their definitions, `models/customized.py` the values)."""
