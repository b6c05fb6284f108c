"""What is true of a rendered clip because it was made that way: units of the gold storyboard, one matter a file."""
