"""Comments and pins beside the images of a case."""
