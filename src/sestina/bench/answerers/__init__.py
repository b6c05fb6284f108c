"""Who answers: the analyzer, and baselines that show what a score is worth."""
