"""How fast is reqlint, at every size, beside everything else that could do the work."""
