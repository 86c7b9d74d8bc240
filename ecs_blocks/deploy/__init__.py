"""Deploy a rendered stack, watch it, and prove that what was deployed serves.

Read first: ``deployment`` (one stack's deploy, from the plan to its end), then ``planning`` and
``watch``.

What is deployed, and where to
- ``place``: the stack's account, region and name, and what to type for it; ``target``: an app there
- ``preparing``: all that CloudFormation is given; ``reviving``: the same of a record or a plan
- ``lookups``, ``parameter_fit``: values that only a deploy finds; ``by_tags``: by their tags;
  ``looked_up``: found, or why not; ``image``, ``image_manifest``
- ``content``: digest, names and token of a deploy; ``git``: the revision that it is of

The plan
- ``planning`` makes a ``plan``; ``approved``: whether an older one still is what it says
- ``foreseen``: what is known of a stack that waits for another one, before it can be planned
- ``leftover``: what a failed creation left; ``taking_away``: what a declined plan leaves

The operation
- ``deployment`` runs ``before_deploy``, executes and runs ``watch``; ``graph``: many stacks
- ``ui``: who agrees and ends it; ``pauses``, ``giving_up``: what they are asked meanwhile;
  ``contact``: when AWS was last heard
- ``progress``: what is seen of it; ``concluding``: what it comes to; ``verification``: whether it
  serves; ``ending``: its ``Outcome``; ``recording``: its record; ``marking``: of images that run;
  ``marks_left`` by a deletion

Other verbs
- ``attaching``: watch what runs; ``condition``: how a stack is; ``suspended``: whose scaling is;
  ``log_tail``: log lines; ``stopped_tasks``: why they stopped, by the ``task_events`` of the
  cluster's ``task_history``
- ``recovery``, ``skipping``, ``deletion``, ``obstacles``; ``undoing`` watches them
- ``going_back``: which version was before
- ``account_setup``, ``permissions``: what an account, and whoever deploys, needs once

Talking to AWS
- ``aws``: clients, and the account guard; ``calls``: what an error means; ``limiter``, ``clock``
- ``s3``: buckets of templates and records; ``errors``: exit codes, and ``DeployError``

Folders
- ``cloudformation``: stacks, change sets, events; ``ecs``: what ECS says of a deployment
- ``preflight``: what is known before a deploy
- ``live``: a stack as it is, for a review; ``records``: what was deployed before
- ``one_off``: tasks that run once; ``redeploy``: the same version, started again;
  ``execute``: a command in a container that runs
- ``show``: what a person sees; ``local``: AWS on a laptop
"""
