"""Search: words, the query language, documents. The engines are in `catalogue/adapters`."""
