"""Settings of a stack file: one module of pydantic models for each area, one loader, and rules across areas."""
