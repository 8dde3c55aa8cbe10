"""Many workers on one Redis, a real one: shared pages, shared manners, nothing lost and nothing twice."""
