"""Which APIs take which tools: the tools of sources, each judged as every API would be sent it."""
