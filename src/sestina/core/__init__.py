"""The words of the house: time, document, vocabulary, tracks, frames, roles, registry, errors."""
