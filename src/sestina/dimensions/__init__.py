"""Parsers, one facet group a file: tracks and transcript in, units out."""
