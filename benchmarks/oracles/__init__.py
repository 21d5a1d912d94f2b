"""Ask real servers about seeded mutations of requests, and compare their verdicts with those of reqlint."""
