"""How we compare: by each need us, what is in use today and whom else they consider; and before and after in time, cost and steps."""
