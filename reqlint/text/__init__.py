"""From bytes to values, and from values back to the places and edits in their text."""
