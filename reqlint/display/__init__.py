"""Make text safe to show: mask credentials, escape control characters, word messages without the payload."""
