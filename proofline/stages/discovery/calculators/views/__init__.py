"""Pages of calculators: for visitors, for programs of the website, for us."""
