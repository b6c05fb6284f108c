"""How shots are joined: boundaries, pacing, rhythm, overlays and sound."""
