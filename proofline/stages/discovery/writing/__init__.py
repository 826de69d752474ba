"""Writing a proposal: its blocks, their order, their pictures."""
