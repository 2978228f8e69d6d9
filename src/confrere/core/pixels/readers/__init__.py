"""One reader for each form of file: bytes in, Pictures out. Readers do not know one another."""
