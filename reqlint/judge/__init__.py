"""One request held against one profile, and what is said of it."""
