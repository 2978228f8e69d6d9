"""What touches the outside: objects, keys, clocks, processes, peers."""
