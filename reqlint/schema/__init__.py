"""JSON Schema: compiled, asked and explained."""
