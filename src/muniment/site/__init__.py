"""The site: Django settings and the bootstrap that turns settings into adapters."""
