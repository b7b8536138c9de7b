"""Whether AWS would take what the program asks for, judged by AWS's own descriptions of its APIs."""
