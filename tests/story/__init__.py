"""The people of a customer's story, and what stands around them: a website, a letterbox, a month of use."""
