"""JSON Schema: compiled into a gate, and its failures explained."""
