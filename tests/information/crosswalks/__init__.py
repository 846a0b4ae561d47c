"""Crosswalks to Dublin Core."""
