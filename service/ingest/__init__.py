"""Reading: files, folders and standard input become articles, or are refused by name."""
