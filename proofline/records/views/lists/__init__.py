"""What can be done with any list of records: filter, columns, saved views, export, change many, remove many."""
