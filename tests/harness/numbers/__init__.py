"""Each number on the pages, and the command of the engine that has the same number."""
