"""What CloudFormation is asked, and what it says.

- ``stack``: one as it is; ``statuses``: what each status means for a deploy
- ``stack_settings``, ``stack_policy``: what is a stack's own, beside its template
- ``change_set``, ``change_set_answer``, ``changes``, ``following``: what a change set would do
- ``upload``, ``capabilities``: what it needs; ``execute``: carrying it out
- ``events``: what happened; ``cause``, ``hooks``: why it failed
"""
