"""Who and what is on screen: people, objects, actions, places and texts."""
