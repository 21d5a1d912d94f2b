"""Programs that run in the environment of a server: they make the tiny model and start the server."""
