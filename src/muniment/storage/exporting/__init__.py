"""Giving versions out: as a folder, a ZIP, a bag, or the package as the producer sent it."""
