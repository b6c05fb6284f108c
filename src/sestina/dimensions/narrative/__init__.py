"""What the video tells: hook, beats, tension and structure."""
