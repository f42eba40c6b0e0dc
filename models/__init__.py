"""What the system knows: entities, the rules about them, Vietnamese text, search.

Belongs here: tables and migrations, pure rules, the catalog, and the operations that the front door and the workers
must do the same way (accept a scan, claim a dispatch). Does not: HTTP, Celery, image work, object bytes. The database
is the only I/O; imports no other package of ours.
"""
