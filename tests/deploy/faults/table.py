"""The fault table: ninety things that go wrong around a deploy, and what has to come of each.

A test that proves a row says so: by its name (``test_row_12_…``), in its docstring (``Row 12``), or
in the id of one of its cases (``row 12: …``). ``test_table`` holds the tests against the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS: Final[Mapping[int, str]] = {
    # is there a stack?
    1: "throttled: it goes on; nothing is written before there was an answer",
    2: "denied: exit 14, and nothing is created",
    3: "the credentials are over: renewed once, then exit 14",
    4: "an answer without a stack and without an error: asked again before it is believed",
    5: "absence in other words: understood",
    6: "another account or region: stopped",
    # the template's upload
    7: "a bucket that cannot be used: exit 15, with its name and what to do",
    8: "the connection breaks, or the template is there already: tried again; used again",
    9: "sizes at the limits, in bytes: in the call; through the bucket; refused before any call",
    # CreateChangeSet
    10: "the connection breaks after it arrived: the same token, one change set",
    11: "our own change set is there: used again",
    12: "a foreign one has its name: left alone, ours gets another",
    13: "our own, of another description: made again",
    14: "too many change sets: only our own failed ones are deleted, and it is tried once more",
    15: "a capability is missing: exit 15, with its name",
    16: "a creation was rolled back after we looked: planned as such",
    17: "an operation began after we looked: waited for",
    18: "parameters that do not fit: exit 2, all of them named",
    19: "a template that CloudFormation cannot read: exit 15",
    # DescribeChangeSet
    20: "not every machine knows the change set yet: tolerated",
    21: "it takes ten minutes: waited for aloud",
    22: "no changes: exit 0, and the change set is deleted",
    23: "no updates are to be performed: the same",
    24: "no changes on a new stack: our empty stack is removed, nobody else's",
    25: "it failed without a reason: told by its status",
    26: "findings of the early validation that may not be read: the raw reason, the permission",
    27: "warnings: shown, and to be agreed to",
    28: "many pages, and a token that runs out: every change is shown",
    29: "what the answer with values leaves out: in the plan all the same",
    30: "every action there is, and one that nobody knows: shown",
    31: "values that were cut, and secrets: marked; hidden",
    32: "a nested change set failed: its reason",
    # the approval
    33: "the change set is deleted meanwhile: planned and agreed to again",
    34: "somebody else's deploy meanwhile: the new difference is shown, the old not executed",
    35: "nobody is there to agree: it ends at once",
    36: "a new stack is declined: nothing is left, and nothing protected",
    # ExecuteChangeSet
    37: "the connection breaks after it arrived: watched; one execution",
    38: "the token is known: watched",
    39: "the stack is busy: waited for",
    40: "the change set is gone: planned again, or watched where it runs",
    41: "500 with nothing: the same token again, and a readable message",
    42: "the role may not be passed: exit 14, with its name",
    43: "a failure that would stay where it is: no deploy asks for that, each is rolled back",
    # while it runs
    44: "throttled for minutes: slower, and no failure",
    45: "connections break, a proxy answers: said, and forgotten when contact is back",
    46: "every second call times out: it completes",
    47: "the credentials are over after an hour: renewed, else exit 14 and it goes on",
    48: "an answer of before the execution: not the end",
    49: "the success of before: not ours",
    50: "many events at once, of one instant, on pages: none lost, none twice",
    51: "the machine's clock is wrong: it decides nothing",
    52: "another deploy begins right after ours: ours is told",
    53: "somebody deletes the stack: exit 11, with what began",
    54: "somebody deletes it and makes another of its name: never taken for ours",
    55: "a creation that is deleted when it fails: told with its cause",
    56: "DescribeEvents is denied, or unknown: the stack's events are enough",
    57: "a status that is new: waited for, or left to a person",
    # how it ended
    58: "rolled back: exit 10, with the first failure",
    59: "the rollback failed: exit 11, with the command to recover",
    60: "many failures, most of them cancellations: one cause",
    61: "a failure two stacks deep: the resource, with its path",
    62: "a success that left something behind: exit 0, and what",
    63: "a rollback trigger is missing or rings: refused before anything runs",
    # ECS
    64: "an image that cannot be pulled: told within a minute",
    65: "a container exits, and the rollback deletes its log: its last lines are kept",
    66: "memory, health checks, secrets, capacity, addresses: each is told apart",
    67: "tasks of scaling in, of others, of before: not blamed",
    68: "ECS went back although the stack is complete: exit 10",
    69: "a hook waits for a person: said",
    70: "tasks forgotten, no log stream, no permission for logs: a note",
    71: "no tasks wanted, a daemon, another controller: nothing hangs",
    72: "somebody else updates the service meanwhile: told",
    # this process, and others
    73: "a signal, or SIGKILL, at any point: the same command goes on",
    74: "SIGHUP, a closed pipe, a full disk: how the operation is, and no traceback",
    75: "two processes with the same plan: one execution, the same end",
    76: "two processes with different plans: one wins, the other plans again",
    # the ways back
    77: "a resource to skip that did not fail: refused before the call",
    78: "EXPRESS, and it failed: no RollbackStack; what is right instead",
    79: "a creation that failed and was kept: nothing is deleted by itself",
    80: "termination protection: obeyed",
    81: "another stack imports an output: its importers are told before",
    82: "a deletion fails: what is in the way, and how to keep it",
    # what goes in
    83: "NoEcho, SSM, removed defaults, lists: the right value, and no secret told",
    84: "tags: none, too many, none given: clear, and told before any write",
    85: "a role that an earlier deploy left: shown",
    86: "of many stacks one fails: what needs it is skipped, exit 10",
    87: "forty stacks, and throttled: it finishes, no faster than it may",
    88: "drift: no plan reverts it by itself",
    89: "the stack's policy denies the update: refused, with the statement",
    90: "a text that AWS shows as question marks: no difference",
}
"""What goes wrong, and after the colon what has to come of it."""
