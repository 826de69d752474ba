"""Taking tables in, for all rooms: what kinds there are, and the runs of people in the browser and of programs."""
