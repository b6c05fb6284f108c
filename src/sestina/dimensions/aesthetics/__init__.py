"""How a picture looks: composition, light, colour, depth and finish."""
