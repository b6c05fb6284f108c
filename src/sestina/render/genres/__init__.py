"""Story grammars, one file a genre, and what they share: words, plots, staging, cutting, packaging, sound, notes."""
