"""The systems of others that we call: their wires, never our models (DESIGN §2)."""
