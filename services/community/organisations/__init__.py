"""The organisations: who takes part in the network."""
