"""JSON text: read, located and edited."""
