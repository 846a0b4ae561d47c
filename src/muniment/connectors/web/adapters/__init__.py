"""Where files come from: real servers, or memory."""
