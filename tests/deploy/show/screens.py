"""What the screens of the story look like."""

from __future__ import annotations

from typing import Final

WIDE: Final = """\
⟳ hoge-prod  UPDATE  updating  4m24s  █████████░░░░░  9/14 resources
  ✓ 3 more before these
  ✓ Alarm4          updated             CloudWatch::Alarm
  ✓ Alarm5          updated             CloudWatch::Alarm
  ✓ Alarm6          updated             CloudWatch::Alarm
  ✓ Alarm7          updated             CloudWatch::Alarm
  ✓ Alarm8          updated             CloudWatch::Alarm
  ✓ TaskDefinition  updated             ECS::TaskDefinition
  ⟳ ScalableTarget  updating     12s    ApplicationAutoScaling::ScalableTarget

  ⟳ Service  rolling out  hoge:1.8.3@sha256:9c1f00aa
      new hoge:42: 2/4 running · 1 starting · 3 failed · 0 % of traffic
      old hoge:41: 4/4 running · 100 % of traffic
      circuit breaker 3 of 10
      alarm hoge-prod-5xx
      targets of hoge: 4 healthy · 1 unhealthy (Target.ResponseCodeMismatch) · 1 starting
      ✗ task 7f2a9e01: app exited 1, after 6s, 3 more the same
        │ Traceback (most recent call last):
        │   File "/app/settings.py", line 12, in <module>
        │     url = os.environ["DATABASE_URL"]
        │ KeyError: 'DATABASE_URL'
        hint: the secret DATABASE_URL is in hoge:41 but not in hoge:42: name it in stack.py
Ctrl-C stops watching; the operation goes on in AWS"""

LOW: Final = """\
⟳ hoge-prod  UPDATE  updating  4m24s  █████████░░░░░  9/14 resources
  ⟳ Service  rolling out  hoge:1.8.3@sha256:9c1f00aa
      new hoge:42: 2/4 running · 1 starting · 3 failed · 0 % of traffic
      old hoge:41: 4/4 running · 100 % of traffic
      circuit breaker 3 of 10
      alarm hoge-prod-5xx
      ✗ task 7f2a9e01: app exited 1, after 6s, 3 more the same
        │   File "/app/settings.py", line 12, in <module>
        │     url = os.environ["DATABASE_URL"]
        │ KeyError: 'DATABASE_URL'
        hint: the secret DATABASE_URL is in hoge:41 but not in hoge:42: name it
              in stack.py
… 11 more lines; a taller window shows them
Ctrl-C stops watching; the operation goes on in AWS"""

NARROW_ASCII: Final = """\
* hoge-prod  UPDATE  updating  4m24s  9/14 resources
  + Alarm7          updated             CloudWatch::Alarm
  + Alarm8          updated             CloudWatch::Alarm
  + TaskDefinition  updated             ECS::TaskDefinition
  * ScalableTarget  updating     12s    ApplicationAutoSc...
  * Service  rolling out  hoge:1.8.3@sha256:9c1f00aa
      new hoge:42: 2/4 running - 1 starting - 3 failed - 0 %
      of traffic
      old hoge:41: 4/4 running - 100 % of traffic
      circuit breaker 3 of 10
      alarm hoge-prod-5xx
      targets of hoge: 4 healthy - 1 unhealthy
      (Target.ResponseCodeMismatch) - 1 starting
      ! task 7f2a9e01: app exited 1, after 6s, 3 more the
        same
        | Traceback (most recent call last):
        |   File "/app/settings.py", line 12, in <module>
        |     url = os.environ["DATABASE_URL"]
        | KeyError: 'DATABASE_URL'
        hint: the secret DATABASE_URL is in hoge:41 but not
              in hoge:42: name it in stack.py
... 4 more lines; a taller window shows them
Ctrl-C stops watching; the operation goes on in AWS"""

LEFT_BEHIND: Final = """\
✗ hoge-prod  UPDATE  rolled back  8m40s
  ✓ Alarm1          updated             CloudWatch::Alarm
  ✓ Alarm2          updated             CloudWatch::Alarm
  ✓ Alarm3          updated             CloudWatch::Alarm
  ✓ Alarm4          updated             CloudWatch::Alarm
  ✓ Alarm5          updated             CloudWatch::Alarm
  ✓ Alarm6          updated             CloudWatch::Alarm
  ✓ Alarm7          updated             CloudWatch::Alarm
  ✓ Alarm8          updated             CloudWatch::Alarm
  ✓ TaskDefinition  updated             ECS::TaskDefinition

  ✗ Service  went back to the old revision
      old hoge:41: 4/4 running · 100 % of traffic
      ✗ task 7f2a9e01b2c3d4e5f60718293a4b5c6d: app exited 1, after 6s, 3 more
        the same
        │ Traceback (most recent call last):
        │   File "/app/settings.py", line 12, in <module>
        │     url = os.environ["DATABASE_URL"]
        │ KeyError: 'DATABASE_URL'
        hint: the secret DATABASE_URL is in hoge:41 but not in hoge:42: name it
              in stack.py

  ✗ Service could not be updated: Error occurred during operation 'ECS
    Deployment Circuit Breaker was triggered'."""
