"""The parts of a script as frozen data: stage and camera, edits, overlays, sound, notes."""
