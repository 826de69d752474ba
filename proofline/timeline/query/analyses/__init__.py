"""One file per analysis: `answer(draft)` gives its answer, `members(draft, at)` the SQL of the units behind one of its cells."""
