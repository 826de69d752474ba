"""Pages of interviews: planning, the talk itself, its guide, notes and files."""
