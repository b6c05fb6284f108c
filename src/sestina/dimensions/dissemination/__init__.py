"""How the video travels: packaging, platform fit, retention and calls to action."""
