"""What every component rests on: parent, options, names, documents."""
