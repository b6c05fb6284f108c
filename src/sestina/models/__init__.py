"""Models that look at frames and answer in words, and embedders that place pictures and words in one space."""
