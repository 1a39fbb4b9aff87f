"""The program of a node (one machine on AWS): it brings the machine to the state in the bucket.

It uses the standard library only: Debian has Python but no AWS client, and the machine has no route
to the internet. User-data (infra/modules/user-data, 16 KiB at most) holds what node.bootstrap
imports; it fetches the rest (infra/modules/node-program), and new versions, from the bucket.
"""
