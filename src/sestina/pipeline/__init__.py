"""The journeys through the house: analyze and verify."""
