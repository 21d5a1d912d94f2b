"""The vocabulary that all other folders share: places, findings, errors, JSON values and patterns."""
