"""The rules of lint, one idea a file; each is a pure function of a storyboard and a platform's profile."""
