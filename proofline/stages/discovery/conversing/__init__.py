"""What customers say of a proposal, each beside what it is about, and what we answer."""
