"""From sources to reports: one after the other, in chunks, in processes."""
