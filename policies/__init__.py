"""The policy pack: the rules of `aiplatform plan` for Pulumi's own engine."""
