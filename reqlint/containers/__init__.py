"""The files and objects that requests are wrapped in, and how to find the requests in them."""
