"""The SV6D objective: how far two storyboards are apart, and why."""
