"""How the answer to each kind of question is told: one file per kind, `told(teller, answer) -> Told`."""
