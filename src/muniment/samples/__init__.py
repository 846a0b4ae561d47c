"""The sample set: a small fonds made by code, well packed and badly packed."""
