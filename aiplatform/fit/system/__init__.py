"""The pods that add-ons and charts bring along, as what decides where they go."""
