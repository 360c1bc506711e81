"""Configurations of the network: one module each, named on the command line by `--config`."""
