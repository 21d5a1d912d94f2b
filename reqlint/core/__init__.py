"""What every part speaks of: places, findings, errors and JSON values."""
