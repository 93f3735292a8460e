"""What the dataset is, how to cite it, and what a search engine finds."""
