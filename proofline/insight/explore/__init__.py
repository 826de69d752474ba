"""*Insight → Explore*: questions over all events, built, answered, drawn, listed, kept and shared by their address.

`kinds` what can be asked · `asked` the question in the address · `edits` what a choice makes of it · `wording` how it is said ·
`answering` asks the timeline for what a viewer may see · `pictures` draws the answer · `pages`, `choices`, `keeping` are the views.
"""
