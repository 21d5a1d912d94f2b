"""Rules and profiles as pages for people."""
