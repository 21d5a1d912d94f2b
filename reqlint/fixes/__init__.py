"""Which edit settles a finding, and the proof that it does."""
