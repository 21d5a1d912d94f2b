"""Where a program meets requests: the clients that send them and the test runs that hold them."""
