"""FeedBench: nine tasks on the structure of short videos, made from gold storyboards."""
