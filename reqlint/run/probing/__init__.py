"""Requests that are one mistake away from an answered one, for asking a server which of them it takes."""
