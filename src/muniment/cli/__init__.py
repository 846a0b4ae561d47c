"""The `muniment` command: edges only, each a thin call of a service."""
