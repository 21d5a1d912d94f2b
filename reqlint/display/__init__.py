"""What of a payload may be shown: credentials, escapes and the words of messages."""
