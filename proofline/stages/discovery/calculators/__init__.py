"""Public calculators of what our product is worth: built here, standing on the company's website, each answer a lead with its numbers."""
