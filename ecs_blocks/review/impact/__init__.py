"""What a change leads to, in words.

- ``subject``: what is read: a pair, both templates with their values put in, and what differs
- ``gathering``: all consequences, the weightiest first; ``summary``: one sentence for a list
- one family per file: ``rollout`` (with ``rollout_ways``, ``rollout_details``, ``draining``,
  ``task_changes``), ``strategies``, ``breaker_thresholds``, ``encryption``, ``traffic``,
  ``weights``, ``instances``, ``replacement``, ``conflicts``, ``names``, ``deletion`` (with
  ``next_rules``), ``protection``, ``exposure`` (with ``container_exposure``), ``network_rules``
  (with ``openings``), ``permission``, ``scaling``, ``suspended_scaling``,
  ``scheduled_bounds``, ``fargate_hours``, ``alarms``, ``repositories`` (with ``image_rules``),
  ``addition``; ``configuration`` tells what no other tells
- ``guards``: a table's row for a setting that protects; ``kinds``: what a type is called and holds
- ``finding``: what a family says; ``reading``, ``service_facts``: what a template says;
  ``phrases``, ``masking``: how values are told
- ``running``, ``drift``: what runs now, held against the change; of a live stack only
- ``questions``: what only the account can answer
"""

from ecs_blocks.review.impact.gathering import consequences
from ecs_blocks.review.impact.summary import headline

__all__ = ["consequences", "headline"]
