"""What a person may set: one pydantic model an area, one loader, the rules between areas."""
