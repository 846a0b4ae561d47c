"""Who carries letters: a server, nobody, or memory."""
