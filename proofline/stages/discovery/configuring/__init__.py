"""From needs to the smallest set of modules that covers them: `configure(needs, modules, rules)`."""

from proofline.stages.discovery.configuring.configuration import Configuration, Conflict, configure
from proofline.stages.discovery.configuring.rules import Module, Rule

__all__ = ["Configuration", "Conflict", "Module", "Rule", "configure"]
