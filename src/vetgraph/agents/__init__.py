"""For agents: the graph as tools of the Model Context Protocol, each answer with the passages behind it."""
