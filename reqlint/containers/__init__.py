"""What requests are wrapped in, and how to find them there."""
