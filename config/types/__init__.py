"""Domain types that the settings share. Each says in its error what is wrong and what to write instead."""
