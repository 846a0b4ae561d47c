"""Representation information: identification, validation, characterisation of formats."""
