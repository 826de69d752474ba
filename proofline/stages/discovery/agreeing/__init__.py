"""The assumptions that a value case rests on: listed with their sources, questioned and agreed to by the customer."""
