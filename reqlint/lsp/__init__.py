"""
The language server: what an editor shows of requests while they are typed.

Only `server` knows the protocol's library; everything else makes plain values of it, and can be used without a server.
"""
