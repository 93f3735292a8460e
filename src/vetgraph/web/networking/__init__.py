"""Networks as pages, pictures and files."""
