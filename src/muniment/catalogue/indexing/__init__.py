"""From a sealed version to rows: the only writer of what the catalogue knows of storage.

`muniment rebuild` and the pipeline's last step go the same way, so that a rebuilt catalogue is
equal by construction.
"""
