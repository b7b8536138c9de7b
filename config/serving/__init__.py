"""How a language model is served: its names, weights, arguments, adapters and scaling."""
