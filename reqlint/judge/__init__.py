"""Judging one request by one profile, and describing the hits as findings."""
