"""Requests as people paste them: curl commands, Python literals, lines of a log; read, and never executed."""
