"""Checking many files and tables on many machines; what Ray has to do is in `work`."""
