"""What an operator wrote, understood: a home is read whole, or not at all."""

from config.home import Deployment, load

__all__ = ["Deployment", "load"]
