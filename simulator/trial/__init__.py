"""A house to try the whole thing in: a real Home Assistant with two virtual charging stations.

script/home-assistant starts it. `home/` is what a user would write into the configuration folder;
`folder` puts it there, `start` runs everything.
"""
