"""What lies over the picture, drawn: letters, tags, panels, marks and cards, and how they come and go."""
