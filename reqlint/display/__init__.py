"""Make text safe to show: mask credentials, escape control characters, fill in messages without showing the payload."""
