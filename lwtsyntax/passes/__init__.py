"""The passes, one file each; ``pipeline.transform`` is the list of them in order."""
