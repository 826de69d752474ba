"""Django's way to SQLite (`ENGINE`), as many threads of one process write with it: see `base`."""
