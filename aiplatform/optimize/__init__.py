"""Changes of a stack file that lower its bill, each planned before it is offered."""
