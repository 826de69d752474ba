"""Tables that people already have, read into records: any common file, any common column names, every row accounted for.

`reading` opens a file, `mapping` recognises its columns, `values` reads its cells, `running` takes its rows. What a row becomes
is a `Kind`, which a room offers in its `importing.py`.
"""
