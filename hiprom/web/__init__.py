"""The same use cases as the command's, as pages that this machine serves to itself."""
