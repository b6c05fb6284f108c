"""How the camera sees and moves: size, angle, movement and steadiness."""
