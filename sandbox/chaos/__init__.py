"""Breaks everything at random under a running bot and checks that its promises hold: `python -m sandbox.chaos`."""
