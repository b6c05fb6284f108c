"""Questions in words: what is asked, what the storyboard says to it, and whether what is cited is there."""
