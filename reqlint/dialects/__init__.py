"""Wire shapes of requests: how to recognise one, and where its tools, turns, calls and results stand."""
