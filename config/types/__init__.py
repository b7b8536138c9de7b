"""Domain types of the settings. The error of each type says what is wrong and what to write instead."""
