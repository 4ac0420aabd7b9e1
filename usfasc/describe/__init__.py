"""What the events say: kinematics, sites, rhythm."""
