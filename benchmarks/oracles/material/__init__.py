"""What mutations are made of where a server is asked in another shape than OpenAI's chat, written by hand."""
