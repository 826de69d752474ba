"""What customers use or consider instead of us: forms, pages, lists and API of `models.Alternative`."""
