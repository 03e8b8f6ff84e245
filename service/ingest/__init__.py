"""Reading: files, folders and standard input become articles; what cannot be read is refused by name."""
