"""The policy pack: the rules of `aiplatform plan`, asked of Pulumi's own engine."""
